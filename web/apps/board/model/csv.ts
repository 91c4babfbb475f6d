import * as v from 'valibot';
import { type Board, titleOf } from './board.ts';
import type { NewCard } from './change.ts';
import type { WrittenColumn } from './markdown.ts';

const names = ['Column', 'Card', 'Notes', 'Done', 'Due', 'People', 'Labels', 'Checklist'] as const;
const day = v.pipe(v.string(), v.isoDate());

/** A board as a table (RFC 4180), a row a card. What a spreadsheet would run as a formula stands behind an apostrophe. */
export function boardToCsv(board: Board): string {
  const labels = new Map(board.labels.map((label) => [label.id, label.name]));
  const rows = board.columns.flatMap((column) =>
    column.cards.map((card) => [
      ...[column.name, titleOf(card), card.text.split('\n').slice(1).join('\n'), card.done ? 'yes' : 'no'],
      ...[card.due, card.people.join(' '), card.labels.map((id) => labels.get(id) ?? '').join('\n')],
      card.checks.map(({ done, text }) => `[${done ? 'x' : ' '}] ${text}`).join('\n'),
    ]),
  );
  return `${[names, ...rows].map((row) => row.map(formatCell).join(',')).join('\r\n')}\r\n`;
}

function formatCell(text: string): string {
  const plain = /^['=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Columns and cards of such a table; its first row names the columns. Other columns than ours are passed over. */
export function csvToBoard(source: string): WrittenColumn[] {
  const [head = [], ...rows] = parseCsv(source);
  const at = Object.fromEntries(
    names.map((name) => [name, head.findIndex((cell) => cell.trim().toLowerCase() === name.toLowerCase())]),
  );
  const columns = new Map<string, NewCard[]>();
  for (const row of rows) {
    const cell = (name: (typeof names)[number]): string => row[at[name] ?? -1] ?? '';
    const text = [cell('Card'), cell('Notes')].join('\n').trimEnd();
    if (text === '' && cell('Column') === '') continue;
    const cards = columns.get(cell('Column')) ?? [];
    columns.set(cell('Column'), [...cards, ...(text === '' ? [] : [readCard(text, cell)])]);
  }
  return [...columns].map(([name, cards]) => ({ name, cards }));
}

function readCard(text: string, cell: (name: (typeof names)[number]) => string): NewCard {
  return {
    text,
    done: /^(yes|true|x|1|done)$/i.test(cell('Done').trim()),
    ...(v.is(day, cell('Due').trim()) ? { due: cell('Due').trim() } : {}),
    people: cell('People').split(/\s+/).filter(Boolean),
    labels: cell('Labels')
      .split('\n')
      .map((name) => name.trim())
      .filter(Boolean),
    checks: cell('Checklist')
      .split('\n')
      .flatMap((line) => /^\[([ xX])\] ?(.*)$/.exec(line) ?? [])
      .flatMap((part, index, all) => (index % 3 === 2 ? { text: part, done: all[index - 1] !== ' ' } : [])),
  };
}

/** Rows and cells of a table with commas. */
export function parseCsv(source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
  const text = source.replace(/^\ufeff/, '');
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    row.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').replace(/^'(?=['=+\-@\t\r])/, ''));
    if (found[3] === ',' && cell.lastIndex < text.length) continue;
    if (found[3] === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows;
}
