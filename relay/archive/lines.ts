import { IsletError } from '../../shared/errors.ts';
import type { Cell, Column, TableRow } from '../store/table-rows.ts';
import { longest } from './form.ts';
import { leftColumns } from './tables.ts';

const invalid = (why: string, value?: unknown) => new IsletError('E-ARCHIVE-INVALID', why, value);

/** A row as a line of JSON; bytes stand in it as `{"b": base64}`. */
export function formatRow(table: string, row: Readonly<Record<string, Cell>>): string {
  const left = leftColumns[table] ?? [];
  const members = Object.entries(row).filter(([name]) => !left.includes(name));
  const shown = members.map(([name, cell]) => [
    name,
    cell instanceof Uint8Array ? { b: Buffer.from(cell).toString('base64') } : cell,
  ]);
  return JSON.stringify(Object.fromEntries(shown));
}

/** Cuts bytes at the line breaks. @throws IsletError E-ARCHIVE-INVALID: a line that is too long or has no end */
export async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield Buffer.concat([...held, rest.subarray(0, end)]).toString('utf8');
      held = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    // Chunks are kept as copies: their memory may be used again.
    if (rest.length > 0) held.push(Buffer.from(rest));
    size += rest.length;
    if (size > longest.line) throw invalid('a line of the archive is too long');
  }
  if (size > 0) throw invalid('a table of the archive has no end');
}

/**
 * A line as a row for this table: members are columns of it, of their types; those it lacks have a value of their own.
 * @throws IsletError E-ARCHIVE-INVALID
 */
export function parseRow(table: string, line: string, columns: readonly Column[]): TableRow {
  const given = parseMembers(table, line);
  const left = leftColumns[table] ?? [];
  const row: Record<string, Cell> = {};
  const known = new Map(columns.map((column) => [column.name, column]));
  for (const [name, value] of Object.entries(given)) {
    const column = known.get(name);
    if (!column || left.includes(name)) throw invalid(`${table} has no column ${name.slice(0, 40)} here`);
    row[name] = parseCell(column, value, table);
  }
  for (const { name, required } of columns)
    if (required && !left.includes(name) && row[name] === undefined)
      throw invalid(`a row of ${table} lacks ${name}`);
  return row;
}

function parseMembers(table: string, line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    throw invalid(`a line of ${table} is not JSON`);
  }
  throw invalid(`a line of ${table} is no row`);
}

function parseCell({ name, type, required }: Column, value: unknown, table: string): Cell {
  if (value === null && !required) return null;
  if (type === 'TEXT' && typeof value === 'string') return value;
  if (type === 'INTEGER' && Number.isSafeInteger(value)) return Number(value);
  if (type === 'BLOB' && typeof value === 'object' && value !== null && 'b' in value)
    return readBase64(value.b, table);
  throw invalid(`${name} of ${table} is not what it should be`);
}

/** Written again it must be the same text: there is one for every value. */
function readBase64(text: unknown, table: string): Uint8Array {
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw invalid(`bytes of ${table} cannot be read`);
}
