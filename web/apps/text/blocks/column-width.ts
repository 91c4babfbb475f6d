import type { Command } from 'prosemirror-state';
import { type TableMap, isInTable, selectedRect } from 'prosemirror-tables';
import type { EditorView } from 'prosemirror-view';

/** Widths of columns in CSS pixels: the narrowest, the one of a table that nobody has set, the widest, and one step of the keys. */
export const columnWidths = { narrowest: 48, usual: 96, widest: 960, step: 24 } as const;

/** Makes the last column of the selected cells so many CSS pixels wider, or narrower; what the mouse does by its border. */
export function widenColumn(by: number): Command {
  return (state, dispatch, view) => {
    if (!isInTable(state)) return false;
    const { table, tableStart, map, right } = selectedRect(state);
    const column = right - 1;
    const cells = cellsOf(map, column);
    const { narrowest, widest } = columnWidths;
    const width = widthOf(view, {
      cells,
      column,
      map,
      tableStart,
      widths: (pos) => table.nodeAt(pos)?.attrs,
    });
    const next = Math.min(widest, Math.max(narrowest, width + by));
    if (next === width) return false;
    if (!dispatch) return true;
    const { tr } = state;
    for (const pos of cells) {
      const attrs = table.nodeAt(pos)?.attrs ?? {};
      const colwidth = readWidths(attrs);
      colwidth[column - map.colCount(pos)] = next;
      tr.setNodeMarkup(tableStart + pos, null, { ...attrs, colwidth });
    }
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** The cells of a column, each once, by their places in the table. */
function cellsOf(map: TableMap, column: number): number[] {
  const places = Array.from({ length: map.height }, (_, row) => map.map[row * map.width + column]);
  return [...new Set(places.filter((pos) => pos !== undefined))];
}

/** A width for each column of a cell, 0 where none was set. */
function readWidths(attrs: Readonly<Record<string, unknown>> | undefined): number[] {
  const span = Number(attrs?.['colspan'] ?? 1);
  const set: unknown = attrs?.['colwidth'];
  return Array.from({ length: span }, (_, at) => (Array.isArray(set) ? Number(set[at] ?? 0) : 0));
}

interface Column {
  cells: readonly number[];
  column: number;
  map: TableMap;
  tableStart: number;
  widths(pos: number): Readonly<Record<string, unknown>> | undefined;
}

/** How wide a column is: as it was set, else as it is drawn. */
function widthOf(view: EditorView | undefined, { cells, column, map, tableStart, widths }: Column): number {
  for (const pos of cells) {
    const set = readWidths(widths(pos))[column - map.colCount(pos)];
    if (set) return set;
  }
  const [first] = cells;
  const dom = first === undefined ? null : view?.nodeDOM(tableStart + first);
  const drawn = dom && 'offsetWidth' in dom ? Number(dom.offsetWidth) : 0;
  return drawn > 0 ? drawn : columnWidths.usual;
}
