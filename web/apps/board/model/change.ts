import * as Y from 'yjs';
import type { Random } from '../../../../shared/bytes.ts';
import { createDocumentId } from '../../../client/documents/document-id.ts';
import { orderAt, ordersBetween } from '../../../client/documents/fractional-order.ts';
import { type Board, type Card, type LabelColor, LABEL, PERSON, mapOf, readBoard } from './board.ts';

/** A card as it comes from elsewhere. */
export interface NewCard extends Partial<Pick<Card, 'done' | 'due' | 'people'>> {
  text: string;
  /** Names of labels. */
  labels?: string[];
  checks?: { text: string; done: boolean }[];
}

/** Where a card is put: into a column, at an index among the other cards there. */
export interface Spot {
  column: string;
  index: number;
}

/** All changes to a board. Ids that are gone change nothing. */
export interface BoardChanges {
  addColumn(name: string, index?: number): string;
  renameColumn(id: string, name: string): void;
  moveColumn(id: string, index: number): void;
  /** Its cards stand in the first column then. The last column stays while there are cards. */
  removeColumn(id: string): void;
  addCard(column: string, card: NewCard, index?: number): string;
  moveCard(id: string, to: Spot): void;
  removeCard(id: string): void;
  /** `undefined` takes a field away. */
  setCard(id: string, fields: { done?: boolean; due?: string | undefined }): void;
  setPerson(id: string, idTag: string, on: boolean): void;
  setLabel(id: string, label: string, on: boolean): void;
  addLabel(name: string, color: LabelColor): string;
  removeLabel(label: string): void;
  addCheck(id: string, text: string): void;
  setCheck(id: string, check: string, fields: { text?: string; done?: boolean }): void;
  removeCheck(id: string, check: string): void;
  /** Adds columns with their cards; into the column of that name when there is one. */
  addAll(columns: readonly { name: string; cards: readonly NewCard[] }[]): void;
}

interface Parts {
  doc: Y.Doc;
  read: () => Board;
  newId: () => string;
}

/** Changes to the board in `doc`; inside a transaction of the caller, whose origin tells one's own from those of others. */
export function createChanges(doc: Y.Doc, random: Random): BoardChanges {
  const parts: Parts = { doc, read: () => readBoard(doc), newId: () => createDocumentId(random) };
  return {
    ...columnChanges(parts),
    ...cardChanges(parts),
    ...detailChanges(parts),
    addAll: (added) => addAll(parts, added),
  };
}

/** Reads the board once: a file may bring thousands of columns, cards and labels. */
function addAll(parts: Parts, added: readonly { name: string; cards: readonly NewCard[] }[]): void {
  const board = parts.read();
  const real = board.columns.filter(({ id }) => id !== '');
  const labels = idsByName(board.labels);
  const known = idsByName(real);
  const last = new Map(real.map(({ id, cards }) => [id, cards.at(-1)?.order ?? '']));
  let order = real.at(-1)?.order ?? '';
  for (const { name, cards } of added) {
    const column = known.get(name) ?? parts.newId();
    if (!known.has(name)) {
      order = orderAt([order], 1);
      mapOf(parts.doc, 'columns').set(column, new Y.Map(entriesOf({ name, order })));
      known.set(name, column);
    }
    const orders = ordersBetween(last.get(column) ?? '', undefined, cards.length);
    cards.forEach((card, index) =>
      putCard(parts, { column, order: orders[index] ?? '' }, { ...card, known: labels }),
    );
    last.set(column, orders.at(-1) ?? last.get(column) ?? '');
  }
}

/** Of some that are called the same, the first. */
function idsByName(list: readonly { id: string; name: string }[]): Map<string, string> {
  return new Map(list.toReversed().map(({ id, name }) => [name, id]));
}

function fieldsOf(map: Y.Map<unknown>, id: string): Y.Map<unknown> | undefined {
  const fields = map.get(id);
  return fields instanceof Y.Map ? fields : undefined;
}

function setField(fields: Y.Map<unknown> | undefined, name: string, value: unknown): void {
  if (fields === undefined || fields.get(name) === value) return;
  if (value === undefined) fields.delete(name);
  else fields.set(name, value);
}

type ColumnChanges = Pick<BoardChanges, 'addColumn' | 'renameColumn' | 'moveColumn' | 'removeColumn'>;

function columnChanges({ doc, read, newId }: Parts): ColumnChanges {
  const columns = mapOf(doc, 'columns');
  const orders = (without?: string): string[] =>
    read()
      .columns.filter(({ id }) => id !== without && id !== '')
      .map(({ order }) => order);
  return {
    addColumn(name, index) {
      const id = newId();
      const all = orders();
      columns.set(id, new Y.Map(entriesOf({ name, order: orderAt(all, index ?? all.length) })));
      return id;
    },
    renameColumn: (id, name) => setField(fieldsOf(columns, id), 'name', name),
    moveColumn: (id, index) => setField(fieldsOf(columns, id), 'order', orderAt(orders(id), index)),
    removeColumn(id) {
      const board = read();
      if (board.columns.length === 1 && (board.columns[0]?.cards.length ?? 0) > 0) return;
      const going = board.columns.find((column) => column.id === id);
      const heir = board.columns.find((column) => column.id !== id);
      const cards = going?.cards ?? [];
      const orders = ordersBetween(heir?.cards.at(-1)?.order ?? '', undefined, cards.length);
      cards.forEach((card, index) => {
        const place = { column: heir?.id ?? '', order: orders[index] ?? '' };
        setField(fieldsOf(mapOf(doc, 'cards'), card.id), 'place', place);
      });
      columns.delete(id);
    },
  };
}

const entriesOf = (fields: Record<string, unknown>): [string, unknown][] => Object.entries(fields);

function ordersOf(board: Board, column: string, without?: string): string[] {
  const cards = board.columns.find(({ id }) => id === column)?.cards ?? [];
  return cards.filter(({ id }) => id !== without).map(({ order }) => order);
}

function cardChanges(parts: Parts): Pick<BoardChanges, 'addCard' | 'moveCard' | 'removeCard'> {
  const { doc, read } = parts;
  const cards = mapOf(doc, 'cards');
  return {
    addCard(column, card, index) {
      const board = read();
      const orders = ordersOf(board, column);
      const order = orderAt(orders, index ?? orders.length);
      return putCard(parts, { column, order }, { ...card, known: idsByName(board.labels) });
    },
    moveCard(id, { column, index }) {
      const orders = ordersOf(read(), column, id);
      setField(fieldsOf(cards, id), 'place', { column, order: orderAt(orders, index) });
    },
    removeCard: (id) => cards.delete(id),
  };
}

/** `known`: ids of labels by their names; what is made is added. */
function putCard(
  parts: Parts,
  place: { column: string; order: string },
  card: NewCard & { known: Map<string, string> },
): string {
  const id = parts.newId();
  const fields: [string, unknown][] = [
    ['place', place],
    ['text', new Y.Text(card.text)],
    ['checks', newChecks(card.checks ?? [], parts.newId)],
    ...(card.people ?? []).map((person): [string, unknown] => [PERSON + person, 1]),
    ...(card.labels ?? []).map((name): [string, unknown] => [LABEL + labelOf(parts, name, card.known), 1]),
  ];
  if (card.done) fields.push(['done', true]);
  if (card.due) fields.push(['due', card.due]);
  mapOf(parts.doc, 'cards').set(id, new Y.Map(fields));
  return id;
}

function newChecks(checks: readonly { text: string; done: boolean }[], newId: () => string): Y.Map<unknown> {
  let order = '';
  return new Y.Map(
    checks.map((check) => {
      order = orderAt([order], 1);
      return [newId(), new Y.Map<unknown>(entriesOf({ ...check, order }))];
    }),
  );
}

/** The label of that name; made when there is none. */
function labelOf({ doc, newId }: Parts, name: string, known: Map<string, string>): string {
  const id = known.get(name) ?? newId();
  if (!known.has(name)) mapOf(doc, 'labels').set(id, new Y.Map(entriesOf({ name, color: 'grey' })));
  known.set(name, id);
  return id;
}

type DetailChanges = Omit<
  BoardChanges,
  keyof ColumnChanges | 'addCard' | 'moveCard' | 'removeCard' | 'addAll'
>;

function detailChanges({ doc, read, newId }: Parts): DetailChanges {
  const card = (id: string): Y.Map<unknown> | undefined => fieldsOf(mapOf(doc, 'cards'), id);
  const labels = mapOf(doc, 'labels');
  const checksOf = (id: string): Y.Map<unknown> | undefined => {
    const fields = card(id);
    if (fields && !(fields.get('checks') instanceof Y.Map)) fields.set('checks', new Y.Map());
    return fields && fieldsOf(fields, 'checks');
  };
  return {
    setCard(id, fields) {
      for (const [name, value] of Object.entries(fields)) setField(card(id), name, value || undefined);
    },
    setPerson: (id, idTag, on) => setField(card(id), PERSON + idTag, on ? 1 : undefined),
    setLabel: (id, label, on) => setField(card(id), LABEL + label, on ? 1 : undefined),
    addLabel(name, color) {
      const id = newId();
      labels.set(id, new Y.Map(entriesOf({ name, color })));
      return id;
    },
    removeLabel: (id) => labels.delete(id),
    addCheck(id, text) {
      const found = read().columns.flatMap(({ cards }) => cards.filter((one) => one.id === id))[0];
      const orders = (found?.checks ?? []).map(({ order }) => order);
      const order = orderAt(orders, orders.length);
      checksOf(id)?.set(newId(), new Y.Map<unknown>(entriesOf({ text, done: false, order })));
    },
    setCheck(id, check, fields) {
      const its = checksOf(id);
      const one = its && fieldsOf(its, check);
      for (const [name, value] of Object.entries(fields)) setField(one, name, value);
    },
    removeCheck: (id, check) => checksOf(id)?.delete(check),
  };
}
