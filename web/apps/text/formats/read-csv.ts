import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { RefusedFile } from './file-source.ts';

const { nodes } = schema;

/** More cells than this are no table that anybody reads. */
const MOST_CELLS = 40_000;

/** Values separated by commas or semicolons (RFC 4180), as rows of texts. @throws RefusedFile too-large */
export function parseCsv(source: string): string[][] {
  const text = source.replace(/^\ufeff/, '');
  const head = /^[^\n]*/.exec(text)?.[0] ?? '';
  const separator = head.split(';').length > head.split(',').length ? ';' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cells = 0;
  const pattern = new RegExp(`("(?:[^"]|"")*"?|[^${separator}\\r\\n]*)(${separator}|\\r\\n?|\\n|$)`, 'y');
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [, value = '', end = ''] = found;
    row.push(value.startsWith('"') ? value.replace(/^"|"$/g, '').replaceAll('""', '"') : value);
    cells += 1;
    if (cells > MOST_CELLS) throw new RefusedFile('too-large');
    if (end === separator) continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    if (pattern.lastIndex >= text.length) break;
  }
  return rows;
}

/** A table of rows, the first as its head; `cell` may make more than text of a value. @throws RefusedFile too-large */
export function rowsToTable(
  rows: readonly string[][],
  cell: (value: string, column: number) => Node[],
): Node {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  if (columns * rows.length > MOST_CELLS) throw new RefusedFile('too-large');
  return nodes.table.create(
    null,
    rows.map((row, index) =>
      nodes.table_row.create(
        null,
        Array.from({ length: columns }, (_, column) => {
          const type = index === 0 ? nodes.table_header : nodes.table_cell;
          return type.create(
            null,
            index === 0 ? textCell(row[column] ?? '') : cell(row[column] ?? '', column),
          );
        }),
      ),
    ),
  );
}

/** A value with its line ends. */
export function textCell(value: string): Node[] {
  return value
    .split(/\r\n?|\n/)
    .flatMap((line, index) => [
      ...(index > 0 ? [nodes.hard_break.create()] : []),
      ...(line === '' ? [] : [schema.text(line)]),
    ]);
}
