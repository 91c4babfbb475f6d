import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { type HtmlElement, isElement } from './html-tree.ts';
import type { HtmlReader } from './read-html.ts';

const { nodes } = schema;

/** Most cells that one cell may cover in a direction. */
const WIDEST = 100;

/** A table, behind its caption. Without a row that has a cell there is none, only what stands in it. */
export function readTable(table: HtmlElement, reader: HtmlReader): Node[] {
  const rows = rowsOf(table).map((row) => readRow(row, reader));
  const captions = table.children
    .filter(isElement)
    .filter(({ tag }) => tag === 'caption')
    .map(({ children }) => nodes.paragraph.create(null, reader.line(children)));
  const filled = reader.own ? rows : rows.filter((row) => row.childCount > 0);
  return filled.length === 0 ? captions : [...captions, nodes.table.create(null, filled)];
}

function rowsOf(table: HtmlElement): HtmlElement[] {
  return table.children.filter(isElement).flatMap((child) => {
    if (child.tag === 'tr') return [child];
    return /^(thead|tbody|tfoot)$/.test(child.tag) ? rowsOf(child) : [];
  });
}

function readRow(row: HtmlElement, reader: HtmlReader): Node {
  const cells = row.children.filter(isElement).filter(({ tag }) => tag === 'td' || tag === 'th');
  return nodes.table_row.create(
    null,
    cells.map((cell) => {
      const type = cell.tag === 'th' ? nodes.table_header : nodes.table_cell;
      return type.create(cellAttrs(cell), reader.line(cell.children));
    }),
  );
}

function cellAttrs({ attrs }: HtmlElement) {
  const align =
    /text-align:\s*(left|center|right)/i.exec(attrs.get('style') ?? '')?.[1] ?? attrs.get('align') ?? '';
  const span = (name: string): number => {
    const number = Number(attrs.get(name) ?? 1);
    return Number.isInteger(number) && number >= 1 ? Math.min(number, WIDEST) : 1;
  };
  const colspan = span('colspan');
  const widths = (attrs.get('data-colwidth') ?? '').split(',').map(Number);
  const isWidths = widths.length === colspan && widths.every((width) => Number.isInteger(width) && width > 0);
  return {
    align: /^(left|center|right)$/i.test(align) ? align.toLowerCase() : '',
    colspan,
    rowspan: span('rowspan'),
    colwidth: isWidths ? widths : null,
  };
}
