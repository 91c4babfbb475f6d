import * as v from 'valibot';
import * as Y from 'yjs';
import { byOrder, readOrder } from '../../../client/documents/fractional-order.ts';
import { createMemberReader } from '../../../client/documents/member-reader.ts';
import { type Box, type Point, boxAround, edgeOf, middleOf, roundTurn } from './geometry.ts';

export const kinds = ['stroke', 'rect', 'ellipse', 'line', 'arrow', 'note', 'text', 'image'] as const;
export type Kind = (typeof kinds)[number];

/** Colours by name: what they look like is the style sheet's, in light and in dark. */
export const colors = ['ink', 'grey', 'red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type Color = (typeof colors)[number];

/** An end of a line: a point, and the object that it is bound to, if any. */
export interface End extends Point {
  id?: string;
}

/** An object as every device shows it (SPEC J16). Lengths are in units of the board; one is a CSS pixel at 100 %. */
export interface Shown {
  id: string;
  kind: Kind;
  order: string;
  /** Of a line the box around its ends. */
  box: Box;
  /** Degrees by which it is turned around the middle of its box, with the clock; 0 of a line. */
  turn: number;
  color: Color;
  filled: boolean;
  text: string;
  /** Of a stroke: x, y and pressure (0 to 1) in turn, in a field of `size`, which the box stretches. */
  points: number[];
  size: { w: number; h: number };
  /** Of a line: where it begins and ends, as written and as shown. */
  from: End;
  to: End;
  ends: [Point, Point];
  /** Of a picture: `b1~…`; empty without. */
  blob: string;
}

/** More numbers of one stroke are not drawn. */
const mostPoints = 30_000;
const far = 1e6;
const number = v.pipe(v.number(), v.finite(), v.minValue(-far), v.maxValue(far));
const length = v.pipe(number, v.minValue(1));
const boxShape = v.fallback(v.object({ x: number, y: number, w: length, h: length }), {
  x: 0,
  y: 0,
  w: 1,
  h: 1,
});
const sizeShape = v.fallback(v.object({ w: length, h: length }), { w: 1, h: 1 });
const endShape = v.fallback(
  v.pipe(
    v.object({ x: number, y: number, id: v.optional(v.string(), '') }),
    v.transform(({ x, y, id }): End => (id === '' ? { x, y } : { x, y, id })),
  ),
  { x: 0, y: 0 },
);
const pointsShape = v.fallback(v.pipe(v.array(number), v.maxLength(mostPoints)), []);
const colorShape = v.fallback(v.picklist(colors), 'ink');
const kindShape = v.picklist(kinds);
const turnShape = v.fallback(v.pipe(number, v.transform(roundTurn)), 0);
const flag = v.fallback(v.boolean(), false);
const words = v.fallback(v.string(), '');

/** The map of a whiteboard: id → map of fields. */
export function objectsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('objects');
}

/** The fields of one object, to change; undefined when it is gone. */
export function fieldsOf(doc: Y.Doc, id: string): Y.Map<unknown> | undefined {
  const fields = objectsOf(doc).get(id);
  return fields instanceof Y.Map ? fields : undefined;
}

/** The shared text of an object, to write in. */
export function textOf(doc: Y.Doc, id: string): Y.Text | undefined {
  const text = fieldsOf(doc, id)?.get('text');
  return text instanceof Y.Text ? text : undefined;
}

/** All objects that this version knows, from back to front, with lines drawn to what they are bound to. */
export function readObjects(doc: Y.Doc): Shown[] {
  const found = readMembers(objectsOf(doc)).flatMap(([object]) => object ?? []);
  return placeLines(found.sort(byOrder));
}

/** In a list, for what this version does not know is known as well. */
const readMembers = createMemberReader((id, fields): [Shown | undefined] => [readObject(id, fields)]);

/** The same objects, lines drawn to where what they are bound to stands now. */
export function placeLines(objects: readonly Shown[]): Shown[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  return objects.map((object) => (isLine(object.kind) ? placeLine(object, byId) : object));
}

function readObject(id: string, fields: Y.Map<unknown>): Shown | undefined {
  const kind = fields.get('kind');
  if (!v.is(kindShape, kind)) return undefined;
  const text = fields.get('text');
  const [from, to] = [v.parse(endShape, fields.get('from')), v.parse(endShape, fields.get('to'))];
  return {
    id,
    kind,
    order: readOrder(fields.get('order')),
    box: v.parse(boxShape, fields.get('box')),
    turn: isLine(kind) ? 0 : v.parse(turnShape, fields.get('turn')),
    color: v.parse(colorShape, fields.get('color')),
    filled: v.parse(flag, fields.get('filled')),
    text: text instanceof Y.Text ? text.toString() : '',
    points: readPoints(fields.get('points')),
    size: v.parse(sizeShape, fields.get('size')),
    from,
    to,
    ends: [from, to],
    blob: v.parse(words, fields.get('blob')),
  };
}

const known = new WeakMap<object, number[]>();

/** They never change, so they are looked at once. */
function readPoints(written: unknown): number[] {
  if (!Array.isArray(written)) return [];
  const points = known.get(written) ?? v.parse(pointsShape, written);
  known.set(written, points);
  return points;
}

export function isLine(kind: Kind): boolean {
  return kind === 'line' || kind === 'arrow';
}

/** Whether an object holds words. */
export function holdsText(kind: Kind): boolean {
  return kind === 'rect' || kind === 'ellipse' || kind === 'note' || kind === 'text';
}

/** A bound end stands at the edge of what it is bound to, on the way to the other end; what is gone or a line binds nothing. */
function placeLine(line: Shown, byId: ReadonlyMap<string, Shown>): Shown {
  const bound = ({ id }: End): Shown | undefined => {
    const object = id === undefined ? undefined : byId.get(id);
    return object && !isLine(object.kind) ? object : undefined;
  };
  const [start, end] = [bound(line.from), bound(line.to)];
  const [a, b] = [start ? middleOf(start.box) : line.from, end ? middleOf(end.box) : line.to];
  const ends: [Point, Point] = [
    start ? edgeOf(start, b, start.kind === 'ellipse') : { x: a.x, y: a.y },
    end ? edgeOf(end, a, end.kind === 'ellipse') : { x: b.x, y: b.y },
  ];
  return { ...line, ends, box: boxAround(ends) };
}

/** Objects as one reads a page: in rows from the top, from the left in each. */
export function readingOrder(objects: readonly Shown[]): Shown[] {
  const row = ({ box }: Shown): number => Math.floor(box.y / 80);
  return objects.toSorted(
    (a, b) => row(a) - row(b) || a.box.x - b.box.x || a.box.y - b.box.y || byOrder(a, b),
  );
}
