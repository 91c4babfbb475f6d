import * as Y from 'yjs';
import type { Random } from '../../../../shared/bytes.ts';
import { createDocumentId } from '../../../client/documents/document-id.ts';
import { orderAt, ordersBetween } from '../../../client/documents/fractional-order.ts';
import { type Box, type Point, boundsOf, middleOf, roundTurn, turnAround, unionOf } from './geometry.ts';
import {
  type Color,
  type End,
  type Kind,
  type Shown,
  fieldsOf,
  holdsText,
  isLine,
  objectsOf,
  readObjects,
} from './objects.ts';

/** An object to be drawn; a line has ends, anything else a box. */
export interface NewObject {
  kind: Kind;
  color: Color;
  filled?: boolean;
  box?: Box;
  turn?: number;
  text?: string;
  points?: number[];
  size?: { w: number; h: number };
  from?: End;
  to?: End;
  blob?: string;
}

/** All changes to a whiteboard. Ids that are gone change nothing. */
export interface ObjectChanges {
  /** Puts it before all others. */
  add(object: NewObject): string;
  /** Bound ends of lines stay where they are bound. */
  move(ids: Iterable<string>, dx: number, dy: number): void;
  setBox(id: string, box: Box): void;
  /** Degrees, with the clock. */
  setTurn(id: string, turn: number): void;
  /** Turns them together, around the middle of all. */
  turn(ids: Iterable<string>, by: number): void;
  setEnd(id: string, which: 'from' | 'to', end: End): void;
  setLook(ids: Iterable<string>, look: { color?: Color; filled?: boolean }): void;
  /** Before or behind all others, in the order that they have among themselves. */
  restack(ids: Iterable<string>, to: 'front' | 'back'): void;
  /** Lines that were bound to them stay as they are shown. */
  remove(ids: Iterable<string>): void;
  /** Copies beside them, bound to each other as they are. */
  copy(ids: Iterable<string>): string[];
}

/** Changes to the whiteboard in `doc`; inside a transaction of the caller, whose origin tells one's own from those of others. */
export function createChanges(doc: Y.Doc, random: Random): ObjectChanges {
  const objects = objectsOf(doc);
  const last = (): string => readObjects(doc).at(-1)?.order ?? '';
  const add = (object: NewObject, order = orderAt([last()], 1)): string => {
    const id = createDocumentId(random);
    const { text = '', ...fields } = object;
    const set: [string, unknown][] = Object.entries({ ...fields, order });
    if (holdsText(object.kind)) set.push(['text', new Y.Text(text)]);
    objects.set(id, new Y.Map(set.filter(([, value]) => value !== undefined)));
    return id;
  };
  const setFields = (id: string, fields: object): void => {
    const its = fieldsOf(doc, id);
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) its?.set(name, value);
  };
  const pick = (ids: Iterable<string>): Shown[] => {
    const wanted = new Set(ids);
    return readObjects(doc).filter(({ id }) => wanted.has(id));
  };
  return {
    add: (object) => add(object),
    setBox: (id, box) => setFields(id, { box: roundBox(box) }),
    setTurn: (id, turn) => setFields(id, { turn: roundTurn(turn) }),
    turn(ids, by) {
      const going = pick(ids);
      const around = middleOf(unionOf(going.map(boundsOf)) ?? { x: 0, y: 0, w: 0, h: 0 });
      for (const object of going) setFields(object.id, turned(object, by, around));
    },
    setEnd: (id, which, end) => setFields(id, { [which]: end }),
    move(ids, dx, dy) {
      for (const object of pick(ids)) setFields(object.id, moved(object, dx, dy));
    },
    setLook(ids, look) {
      for (const { id } of pick(ids)) setFields(id, look);
    },
    restack(ids, to) {
      const going = pick(ids);
      const chosen = new Set(going.map(({ id }) => id));
      const rest = readObjects(doc).filter(({ id }) => !chosen.has(id));
      const orders = rest.map(({ order }) => order);
      const [from, until] =
        to === 'front' ? [orders.at(-1) ?? '', undefined] : ['', orders.find((order) => order > '')];
      const places = ordersBetween(from, until, going.length);
      going.forEach(({ id }, index) => setFields(id, { order: places[index] }));
    },
    remove(ids) {
      const gone = new Set(ids);
      for (const object of readObjects(doc).filter(({ kind, id }) => isLine(kind) && !gone.has(id)))
        setFields(object.id, loosened(object, gone));
      for (const id of gone) objects.delete(id);
    },
    copy(ids) {
      const copies = new Map<string, string>();
      const going = pick(ids).sort((a, b) => Number(isLine(a.kind)) - Number(isLine(b.kind)));
      const orders = ordersBetween(last(), undefined, going.length);
      going.forEach((object, index) => copies.set(object.id, add(copyOf(object, copies), orders[index])));
      return [...copies.values()];
    },
  };
}

const beside = 24;
/** To a tenth; never `-0`. */
const round = (value: number): number => Math.round(value * 10) / 10 + 0;

function roundBox({ x, y, w, h }: Box): Box {
  return { x: round(x), y: round(y), w: Math.max(1, round(w)), h: Math.max(1, round(h)) };
}

function moved(object: Shown, dx: number, dy: number): Partial<Pick<Shown, 'box' | 'from' | 'to'>> {
  const { kind, box, from, to } = object;
  if (!isLine(kind)) return { box: roundBox({ ...box, x: box.x + dx, y: box.y + dy }) };
  const shift = (end: End): End => ({ ...end, x: round(end.x + dx), y: round(end.y + dy) });
  return {
    ...(from.id === undefined && { from: shift(from) }),
    ...(to.id === undefined && { to: shift(to) }),
  };
}

function turned(object: Shown, by: number, around: Point): object {
  const { kind, box, turn, from, to } = object;
  const put = (end: End): End => {
    const { x, y } = turnAround(end, around, by);
    return { ...end, x: round(x), y: round(y) };
  };
  if (isLine(kind))
    return { ...(from.id === undefined && { from: put(from) }), ...(to.id === undefined && { to: put(to) }) };
  const middle = turnAround(middleOf(box), around, by);
  const next = roundBox({ ...box, x: middle.x - box.w / 2, y: middle.y - box.h / 2 });
  return { turn: roundTurn(turn + by), box: next };
}

function loosened({ from, to, ends }: Shown, gone: ReadonlySet<string>): { from?: End; to?: End } {
  return {
    ...(from.id !== undefined && gone.has(from.id) && { from: ends[0] }),
    ...(to.id !== undefined && gone.has(to.id) && { to: ends[1] }),
  };
}

function copyOf(object: Shown, copies: ReadonlyMap<string, string>): NewObject {
  const { kind, color, filled, text, blob, points, size, turn } = object;
  const look = {
    kind,
    color,
    ...(filled && { filled }),
    ...(text !== '' && { text }),
    ...(blob !== '' && { blob }),
    ...(turn !== 0 && { turn }),
  };
  if (!isLine(kind)) {
    const box = { ...object.box, x: object.box.x + beside, y: object.box.y + beside };
    return { ...look, box, ...(points.length > 0 && { points: [...points], size: { ...size } }) };
  }
  const end = (at: End, shown: { x: number; y: number }): End => {
    const id = at.id === undefined ? undefined : copies.get(at.id);
    return { x: shown.x + beside, y: shown.y + beside, ...(id !== undefined && { id }) };
  };
  return { ...look, from: end(object.from, object.ends[0]), to: end(object.to, object.ends[1]) };
}
