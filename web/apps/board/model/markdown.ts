import { type Board, type Card, titleOf } from './board.ts';
import type { NewCard } from './change.ts';

/** Columns with their cards, as a file holds them. */
export interface WrittenColumn {
  name: string;
  cards: NewCard[];
}

const plainLabel = /^[\p{L}\p{N}_-]+$/u;
const token =
  /\s+(?:📅 (?<due>\d{4}-\d{2}-\d{2})|@(?<person>[^\s@#\\]+)|#(?:\[(?<long>[^\]\\]+)\]|(?<label>[\p{L}\p{N}_-]+)))$/u;

/** A board as Markdown task lists: a heading a column, a task a card, its checklist as tasks below it. */
export function boardToMarkdown(board: Board, title: string): string {
  const names = new Map(board.labels.map((label) => [label.id, label.name]));
  const columns = board.columns.map(({ name, cards }) =>
    [`## ${oneLine(name)}`.trimEnd(), cards.map((card) => cardToMarkdown(card, names)).join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return `${[`# ${oneLine(title)}`.trimEnd(), ...columns].join('\n\n')}\n`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function cardToMarkdown(card: Card, names: ReadonlyMap<string, string>): string {
  const [, ...notes] = card.text.split('\n');
  const labels = card.labels.map((id) => oneLine(names.get(id) ?? '').replace(/[\]\\]/g, ''));
  const said = [
    ...card.people.map((person) => `@${person}`),
    ...labels
      .filter((name) => name !== '')
      .map((name) => (plainLabel.test(name) ? `#${name}` : `#[${name}]`)),
    ...(card.due ? [`📅 ${card.due}`] : []),
  ];
  const first = [escapeEnd(oneLine(titleOf(card))), ...said].join(' ').trimEnd();
  const checks = card.checks.map(({ done, text }) => `  - [${done ? 'x' : ' '}] ${oneLine(text)}`.trimEnd());
  const lines = notes.map((line) => `  ${line.replace(/^(\\*- \[)/, '\\$1')}`.trimEnd());
  return [`- [${card.done ? 'x' : ' '}] ${first}`.trimEnd(), ...lines, ...checks].join('\n');
}

/** Words at the end that would read as a person, a label or a day are marked as words. */
function escapeEnd(title: string): string {
  return title.replace(/(^|\s)(\\*)([@#📅])/gu, '$1\\$2$3');
}

const unescapeEnd = (title: string): string => title.replace(/(^|\s)\\(\\*)([@#📅])/gu, '$1$2$3');

/** Columns and cards of a Markdown file: headings are columns, list items cards. What stands before the first heading has no column name. */
export function markdownToBoard(source: string): WrittenColumn[] {
  const columns: WrittenColumn[] = [];
  let card: NewCard | undefined;
  for (const line of source.replace(/\r\n?/g, '\n').split('\n')) {
    const heading = /^##+\s+(.*)$|^##+$/.exec(line);
    const task = /^(\s*)[-*+] (?:\[([ xX])\] ?)?(.*)$/.exec(line);
    if (heading) {
      columns.push({ name: (heading[1] ?? '').trim(), cards: [] });
      card = undefined;
    } else if (task && task[1] === '') {
      card = readTask(task[3] ?? '', task[2]);
      if (columns.length === 0) columns.push({ name: '', cards: [] });
      columns.at(-1)?.cards.push(card);
    } else if (card && task?.[2] !== undefined) {
      (card.checks ??= []).push({ text: (task[3] ?? '').trim(), done: task[2] !== ' ' });
    } else if (card && (line === '' || line.startsWith('  '))) {
      card.text += `\n${line.slice(2).replace(/^\\(\\*- \[)/, '$1')}`;
    }
  }
  for (const one of columns.flatMap(({ cards }) => cards)) one.text = one.text.trimEnd();
  return columns;
}

function readTask(words: string, mark: string | undefined): NewCard {
  const card: Required<Pick<NewCard, 'people' | 'labels'>> & NewCard = {
    ...{ text: '', done: mark !== undefined && mark !== ' ', people: [], labels: [] },
  };
  let rest = ` ${words.trim()}`;
  for (let found = token.exec(rest); found?.groups; found = token.exec(rest)) {
    const { due, person, long, label } = found.groups;
    if (due !== undefined) card.due = due;
    if (person !== undefined) card.people.unshift(person);
    const name = long ?? label;
    if (name !== undefined) card.labels.unshift(name);
    rest = rest.slice(0, found.index);
  }
  card.text = unescapeEnd(rest.trim());
  return card;
}
