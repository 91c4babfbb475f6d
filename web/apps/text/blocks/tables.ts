import { type Node, Slice, Fragment } from 'prosemirror-model';
import { keymap } from 'prosemirror-keymap';
import { type Command, type EditorState, Plugin, TextSelection, type Transaction } from 'prosemirror-state';
import {
  CellSelection,
  TableMap,
  TableView,
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  cellAround,
  columnResizing,
  deleteColumn,
  deleteRow,
  deleteTable,
  findTable,
  fixTables,
  goToNextCell,
  isInTable,
  mergeCells,
  splitCell,
  tableEditing,
  toggleHeader,
} from 'prosemirror-tables';
import type { EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import { schema } from '../schema.ts';
import { columnWidths, widenColumn } from './column-width.ts';

const { nodes } = schema;

/** A table of empty cells, the first row of which is its header. */
export function createTable(rows: number, columns: number): Node {
  const row = (type: 'table_header' | 'table_cell'): Node =>
    nodes.table_row.create(
      null,
      Array.from({ length: columns }, () => nodes[type].create()),
    );
  return nodes.table.create(
    null,
    Array.from({ length: rows }, (_, index) => row(index === 0 ? 'table_header' : 'table_cell')),
  );
}

/** Everything a menu does to the table around the caret. */
export const tableCommands = {
  rowAbove: inWholeTable(addRowBefore),
  rowBelow: inWholeTable(addRowAfter),
  columnBefore: inWholeTable(addColumnBefore),
  columnAfter: inWholeTable(addColumnAfter),
  wider: inWholeTable(widenColumn(columnWidths.step)),
  narrower: inWholeTable(widenColumn(-columnWidths.step)),
  headerRow: inWholeTable(toggleHeader('row')),
  headerColumn: inWholeTable(toggleHeader('column')),
  merge: inWholeTable(mergeApart),
  split: inWholeTable(splitCell),
  deleteRow: inWholeTable(deleteRow),
  deleteColumn: inWholeTable(deleteColumn),
  deleteTable,
} satisfies Record<string, Command>;

/** Selecting cells, moving among them, and their widths. */
export function tablePlugins(): Plugin[] {
  return [
    keymap({
      Tab: nextCell,
      'Shift-Tab': goToNextCell(-1),
      Enter: cellBelow,
      'Mod-Enter': (state, dispatch) => isInTable(state) && leaveTable(state, dispatch),
      'Alt-Shift-ArrowRight': tableCommands.wider,
      'Alt-Shift-ArrowLeft': tableCommands.narrower,
    }),
    columnResizing({
      cellMinWidth: columnWidths.narrowest,
      defaultCellMinWidth: columnWidths.usual,
      View: BoxedTable,
      lastColumnResizable: true,
    }),
    editing(),
    new Plugin({ props: { transformPasted: (slice, view) => flattenForCell(slice, view) } }),
  ];
}

/** A table in a box that scrolls when it is wider than the page. */
class BoxedTable extends TableView {
  constructor(node: Node, _cellMinWidth: number, _view: EditorView) {
    super(node, columnWidths.usual);
    this.dom.className = 'table-box';
  }
}

/**
 * Two people may make one row longer and one table wider at once: the table is ragged then, and every one who repaired it
 * when it came would do so again for the repairs of the others. It is made whole by who changes it next.
 */
function editing(): Plugin {
  const { spec } = tableEditing();
  return new Plugin({
    ...spec,
    appendTransaction(transactions, before, after) {
      const isFromOthers = transactions.some((tr) => tr.getMeta(ySyncPluginKey) !== undefined);
      return isFromOthers ? null : spec.appendTransaction?.call(this, transactions, before, after);
    },
  });
}

/** Commands count on a table without gaps: it is mended first, when others left it ragged. */
function inWholeTable(command: Command): Command {
  return (state, dispatch, view) => {
    if (!isInTable(state)) return false;
    const fixed = dispatch && fixTables(state);
    if (fixed === undefined) return command(state, dispatch, view);
    dispatch?.(fixed);
    return command(state.apply(fixed), dispatch, view);
  };
}

/** Merges the selected cells; the words of each stay on a line of their own. */
function mergeApart(...[state, dispatch, view]: Parameters<Command>): boolean {
  const { selection } = state;
  if (!(selection instanceof CellSelection) || !mergeCells(state)) return false;
  if (dispatch === undefined) return true;
  const filled: number[] = [];
  selection.forEachCell((cell, pos) => {
    if (cell.content.size > 0) filled.push(pos);
  });
  const tr = state.tr;
  for (const pos of filled.sort((a, b) => b - a).slice(0, -1)) tr.insert(pos + 1, nodes.hard_break.create());
  dispatch(tr);
  return mergeCells(view?.state ?? state.apply(tr), dispatch);
}

/** To the next cell; behind the last one a new row begins. */
const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch, view)) return true;
  if (dispatch === undefined) return true;
  tableCommands.rowBelow(state, dispatch, view);
  const next = view?.state ?? state;
  return goToNextCell(1)(next, dispatch, view);
};

/** Enter goes to the cell below, and from the last row out of the table. */
const cellBelow: Command = (state, dispatch) => {
  const { selection } = state;
  const $cell = selection instanceof TextSelection ? cellAround(selection.$head) : null;
  const table = $cell && findTable($cell);
  if ($cell === null || !table) return false;
  const map = TableMap.get(table.node);
  const start = table.pos + 1;
  const rect = map.findCell($cell.pos - start);
  if (rect.bottom >= map.height) return leaveTable(state, dispatch);
  const below = map.map[rect.bottom * map.width + rect.left];
  if (below === undefined) return false;
  const end = start + below + (table.node.nodeAt(below)?.nodeSize ?? 1) - 1;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, end)).scrollIntoView());
  return true;
};

/** To the line behind the table; makes one when there is none. */
function leaveTable(state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
  const table = findTable(state.selection.$head);
  if (!table) return false;
  const after = table.pos + table.node.nodeSize;
  const tr = state.tr;
  if (state.doc.resolve(after).nodeAfter?.isTextblock !== true) tr.insert(after, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  return true;
}

/** In a cell there are words and no blocks: what is pasted becomes lines of it. */
function flattenForCell(slice: Slice, { state }: EditorView): Slice {
  const isCell = cellAround(state.selection.$from) !== null;
  const isPlain = slice.content.childCount === 0 || slice.content.firstChild?.isInline === true;
  if (!isCell || isPlain || hasTable(slice.content)) return slice;
  const inline: Node[] = [];
  slice.content.descendants((node) => {
    if (!node.isTextblock) return true;
    if (inline.length > 0) inline.push(nodes.hard_break.create());
    node.forEach((child) => inline.push(child));
    return false;
  });
  return new Slice(Fragment.fromArray(inline), 0, 0);
}

function hasTable(content: Fragment): boolean {
  const first = content.firstChild?.type;
  return (
    first === nodes.table ||
    first === nodes.table_row ||
    first === nodes.table_cell ||
    first === nodes.table_header
  );
}
