import * as v from 'valibot';
import * as Y from 'yjs';
import { byOrder, readOrder } from '../../../client/documents/fractional-order.ts';
import { createMemberReader } from '../../../client/documents/member-reader.ts';

/** Colours of labels, by name: what they look like is the style sheet's. */
export const labelColors = ['grey', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'] as const;
export type LabelColor = (typeof labelColors)[number];

export interface Label {
  id: string;
  name: string;
  color: LabelColor;
}

export interface Check {
  id: string;
  text: string;
  done: boolean;
  order: string;
}

export interface Card {
  id: string;
  /** Its column as it is shown, which is there. */
  column: string;
  order: string;
  /** The first line is its title. */
  text: string;
  done: boolean;
  /** `YYYY-MM-DD`; empty without. */
  due: string;
  /** Id tags. */
  people: string[];
  /** Ids of labels that are there. */
  labels: string[];
  checks: Check[];
}

export interface Column {
  id: string;
  name: string;
  order: string;
  cards: Card[];
}

/** A board as every device shows it (SPEC J15). */
export interface Board {
  columns: Column[];
  labels: Label[];
}

/** Fields `person:<id tag>` and `label:<id>` of a card: each is set and taken away by itself. */
export const PERSON = 'person:';
export const LABEL = 'label:';

const text = v.fallback(v.string(), '');
const day = v.fallback(v.pipe(v.string(), v.isoDate()), '');
const flag = v.fallback(v.boolean(), false);
const placeShape = v.fallback(v.object({ column: v.string(), order: text }), { column: '', order: '' });
const colorShape = v.fallback(v.picklist(labelColors), 'grey');

/** The map of a board under this name: id → map of fields. */
export function mapOf(doc: Y.Doc, name: 'columns' | 'cards' | 'labels'): Y.Map<unknown> {
  return doc.getMap(name);
}

/** Members of a map that are maps themselves; anything else is passed over. */
function membersOf(map: unknown): [string, Y.Map<unknown>][] {
  if (!(map instanceof Y.Map)) return [];
  return [...map.entries()].filter((entry): entry is [string, Y.Map<unknown>] => entry[1] instanceof Y.Map);
}

/** Columns and cards in their order. A card whose column is not there stands in the first; nothing is left out. */
export function readBoard(doc: Y.Doc): Board {
  const labels = membersOf(mapOf(doc, 'labels')).map(([id, fields]) => readLabel(id, fields));
  labels.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  const columns = membersOf(mapOf(doc, 'columns'))
    .map(([id, fields]) => readColumn(id, fields))
    .sort(byOrder);
  const places = new Map(labels.map(({ id }, index) => [id, index]));
  const cards = readCards(mapOf(doc, 'cards'));
  if (columns.length === 0 && cards.length > 0) columns.push({ id: '', name: '', order: '', cards: [] });
  const byId = new Map(columns.map((column) => [column.id, column]));
  for (const card of cards.sort(byOrder)) {
    const column = byId.get(card.column) ?? columns[0];
    if (column) column.cards.push(showCard(card, column.id, places));
  }
  return { columns, labels };
}

function readLabel(id: string, fields: Y.Map<unknown>): Label {
  return { id, name: v.parse(text, fields.get('name')), color: v.parse(colorShape, fields.get('color')) };
}

function readColumn(id: string, fields: Y.Map<unknown>): Column {
  return { id, name: v.parse(text, fields.get('name')), order: readOrder(fields.get('order')), cards: [] };
}

const readCards = createMemberReader(readCard);

const shownCards = new WeakMap<Card, Card>();

/**
 * A card as it is shown: in a column that is there, with labels that are there. The same object as long as that is the same; never the
 * one that was read, since a store writes into what it is given.
 * @param places where labels stand among all that are there
 */
function showCard(card: Card, column: string, places: ReadonlyMap<string, number>): Card {
  const before = shownCards.get(card);
  const there = card.labels.filter((label) => places.has(label));
  // Most cards have one or none.
  const labels = there.length < 2 ? there : there.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  const isSame = labels.length === before?.labels.length && labels.every((id, i) => id === before.labels[i]);
  if (isSame && before.column === column) return before;
  const shown = { ...card, column, labels };
  shownCards.set(card, shown);
  return shown;
}

/** As it was written. */
function readCard(id: string, fields: Y.Map<unknown>): Card {
  const { column, order } = v.parse(placeShape, fields.get('place'));
  const named = (prefix: string): string[] =>
    [...fields.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return {
    id,
    column,
    order: readOrder(order),
    text: wordsOf(fields.get('text')),
    done: v.parse(flag, fields.get('done')),
    due: v.parse(day, fields.get('due')),
    people: named(PERSON).sort(),
    labels: named(LABEL),
    checks: membersOf(fields.get('checks'))
      .map(([check, its]) => readCheck(check, its))
      .sort(byOrder),
  };
}

function readCheck(id: string, fields: Y.Map<unknown>): Check {
  return {
    id,
    text: v.parse(text, fields.get('text')),
    done: v.parse(flag, fields.get('done')),
    order: readOrder(fields.get('order')),
  };
}

function wordsOf(value: unknown): string {
  return value instanceof Y.Text ? value.toString() : v.parse(text, value);
}

/** The shared text of a card, to write in; undefined when the card is gone. */
export function cardText(doc: Y.Doc, id: string): Y.Text | undefined {
  const card = mapOf(doc, 'cards').get(id);
  const words = card instanceof Y.Map ? card.get('text') : undefined;
  return words instanceof Y.Text ? words : undefined;
}

/** The first line of a card. */
export function titleOf({ text: words }: Pick<Card, 'text'>): string {
  return words.split('\n', 1)[0]?.trim() ?? '';
}

/** A card wherever it stands. */
export function findCard(board: Board, id: string): Card | undefined {
  for (const column of board.columns) {
    const card = column.cards.find((one) => one.id === id);
    if (card) return card;
  }
  return undefined;
}
