import type { NewObject } from './model/change.ts';
import {
  type Box,
  type Point,
  boundsOf,
  boxAround,
  boxBetween,
  holdsPoint,
  middleOf,
  overlaps,
  resized,
  roundTurn,
  snapBox,
  turnAround,
  unionOf,
} from './model/geometry.ts';
import { type End, type Shown, isLine } from './model/objects.ts';
import { textHeight } from './model/shapes.ts';
import { type StageState, movedBy } from './stage-state.ts';

/** Where a point of the window is on the board. */
export type Place = (event: Pick<MouseEvent, 'clientX' | 'clientY'>) => Point;

/** What a pointer does between going down and up; points are of the board. */
export interface Gesture {
  move(to: Point, event: PointerEvent, place: Place): void;
  up(): void;
  cancel(): void;
}

/** Sizes of what is put down by a click, in units. */
export const usual = {
  note: { w: 180, h: 140 },
  rect: { w: 160, h: 100 },
  ellipse: { w: 160, h: 100 },
  text: 260,
};
/** A pointer that went less far has clicked, in pixels. */
const clicks = 4;
/** So near an edge snaps, in pixels. */
const snaps = 6;

const draftId = 'draft';

/** An object that is not written yet, as it would be shown. */
export function draftOf(object: NewObject): Shown {
  const at = { x: 0, y: 0 };
  const { from = at, to = at, box = boxAround([from, to]) } = object;
  return {
    ...{
      id: draftId,
      order: '',
      filled: false,
      text: '',
      points: [],
      size: { w: 1, h: 1 },
      blob: '',
      turn: 0,
    },
    ...object,
    ...{ box, from, to, ends: [from, to] },
  };
}

/** Writes an object and chooses it. Returns its id; undefined where nothing may be written. */
export function put(state: StageState, object: NewObject): string | undefined {
  let id: string | undefined;
  state.change((change) => (id = change.add(object)));
  if (id !== undefined) state.select([id]);
  return id;
}

export function penGesture(state: StageState, start: Point, pressure: number): Gesture {
  const points: (Point & { pressure: number })[] = [{ ...start, pressure }];
  const stroke = (): NewObject => {
    const box = boxAround(points);
    const numbers = points.flatMap(({ x, y, pressure: p }) => [x - box.x, y - box.y, p].map(short));
    return { kind: 'stroke', color: state.color(), box, size: { w: box.w, h: box.h }, points: numbers };
  };
  return {
    move(_to, event, place) {
      const between = event.getCoalescedEvents();
      for (const one of between.length > 0 ? between : [event])
        points.push({ ...place(one), pressure: event.pointerType === 'pen' ? one.pressure : 0.5 });
      state.setDraft({ objects: [draftOf(stroke())] });
    },
    up() {
      state.setDraft(undefined);
      state.change((change) => change.add(stroke()));
    },
    cancel: () => state.setDraft(undefined),
  };
}

const short = (value: number): number => Math.round(value * 10) / 10;

/** A shape between two corners; a click puts one of the usual size. */
export function boxGesture(state: StageState, kind: 'rect' | 'ellipse' | 'note', start: Point): Gesture {
  let box: Box | undefined;
  const object = (its: Box): NewObject => ({ kind, color: colorOf(state, kind), box: its });
  return {
    move(to) {
      box = boxBetween(start, to);
      state.setDraft({ objects: [draftOf(object(box))] });
    },
    up() {
      state.setDraft(undefined);
      const large = box && Math.max(box.w, box.h) * state.view().zoom > clicks ? box : undefined;
      const id = put(state, object(large ?? { ...start, ...usual[kind] }));
      state.setTool('select');
      if (kind === 'note') state.edit(id);
    },
    cancel: () => state.setDraft(undefined),
  };
}

/** Ink is no paper. */
export function colorOf(state: StageState, kind: string): NewObject['color'] {
  return kind === 'note' && state.color() === 'ink' ? 'yellow' : state.color();
}

/** Words at a point, written at once. */
export function textGesture(state: StageState, start: Point): Gesture {
  const write = (): void => {
    const box = { ...start, w: usual.text, h: textHeight('', usual.text) };
    const id = put(state, { kind: 'text', color: state.color(), box });
    state.setTool('select');
    state.edit(id);
  };
  return { move: () => undefined, up: write, cancel: () => undefined };
}

/** The object at a point that a line may be bound to, the foremost. */
function bindable(state: StageState, point: Point, without: string): Shown | undefined {
  const isThere = (object: Shown): boolean =>
    object.id !== without && !isLine(object.kind) && object.kind !== 'stroke' && holdsPoint(object, point);
  return state.objects().findLast(isThere);
}

const endAt = (state: StageState, point: Point, without: string): End => {
  const object = bindable(state, point, without);
  return { x: short(point.x), y: short(point.y), ...(object && { id: object.id }) };
};

/** A line from what is under one point to what is under another. */
export function lineGesture(state: StageState, kind: 'line' | 'arrow', start: Point): Gesture {
  const from = endAt(state, start, draftId);
  let line: NewObject | undefined;
  return {
    move(point) {
      line = { kind, color: state.color(), from, to: endAt(state, point, draftId) };
      state.setDraft({ objects: [draftOf(line)] });
    },
    up() {
      state.setDraft(undefined);
      if (!line?.to) return;
      const far = Math.hypot(line.to.x - from.x, line.to.y - from.y) * state.view().zoom > clicks;
      if (far) put(state, line);
      state.setTool('select');
    },
    cancel: () => state.setDraft(undefined),
  };
}

/** Moves what is chosen; edges meet those of others unless Alt is held. */
export function moveGesture(state: StageState, start: Point): Gesture {
  const chosen = state.objects().filter(({ id }) => state.selected().has(id));
  const others = state
    .objects()
    .filter(({ id, kind }) => !state.selected().has(id) && !isLine(kind) && kind !== 'stroke')
    .map(boundsOf);
  const whole = unionOf(chosen.map(boundsOf));
  let by = { x: 0, y: 0 };
  return {
    move(to, event) {
      const { zoom } = state.view();
      const raw = { x: to.x - start.x, y: to.y - start.y };
      if (Math.hypot(raw.x, raw.y) * zoom < clicks && by.x === 0 && by.y === 0) return;
      const at = whole && { ...whole, x: whole.x + raw.x, y: whole.y + raw.y };
      const snap = at && !event.altKey ? snapBox(at, others, snaps / zoom) : { dx: 0, dy: 0 };
      by = { x: raw.x + snap.dx, y: raw.y + snap.dy };
      state.setDraft({ objects: chosen.map((object) => movedBy(object, by.x, by.y)), guides: snap });
    },
    up() {
      state.setDraft(undefined);
      if (by.x !== 0 || by.y !== 0) state.change((change) => change.move(state.selected(), by.x, by.y));
    },
    cancel: () => state.setDraft(undefined),
  };
}

export type Corner = 'nw' | 'ne' | 'sw' | 'se';

/** Drags a corner of an object; pictures and strokes keep their shape, others with Shift. */
export function resizeGesture(state: StageState, object: Shown, corner: Corner): Gesture {
  const { box } = object;
  const fixed = {
    x: corner.endsWith('w') ? box.x + box.w : box.x,
    y: corner.startsWith('n') ? box.y + box.h : box.y,
  };
  let next = box;
  return {
    move(at, event) {
      const to = turnAround(at, middleOf(box), -object.turn);
      const keeps = event.shiftKey || object.kind === 'image' || object.kind === 'stroke';
      next = boxBetween(fixed, keeps ? inShape(fixed, to, box) : to);
      if (object.kind === 'text') next = { ...next, y: box.y, h: textHeight(object.text, next.w) };
      next = resized(object, next);
      state.setDraft({ objects: [{ ...object, box: next }] });
    },
    up() {
      state.setDraft(undefined);
      if (next !== box) state.change((change) => change.setBox(object.id, next));
    },
    cancel: () => state.setDraft(undefined),
  };
}

/** With Shift an object turns by so many degrees at a time. */
export const turnStep = 15;

/** Turns an object around its middle, its upper side after the pointer. */
export function turnGesture(state: StageState, object: Shown): Gesture {
  const middle = middleOf(object.box);
  let turn: number | undefined;
  return {
    move(to, event) {
      const angle = (Math.atan2(to.y - middle.y, to.x - middle.x) * 180) / Math.PI + 90;
      turn = roundTurn(event.shiftKey ? Math.round(angle / turnStep) * turnStep : Math.round(angle));
      state.setDraft({ objects: [{ ...object, turn }] });
    },
    up() {
      state.setDraft(undefined);
      const put = turn;
      if (put !== undefined) state.change((change) => change.setTurn(object.id, put));
    },
    cancel: () => state.setDraft(undefined),
  };
}

function inShape(fixed: Point, to: Point, { w, h }: Box): Point {
  const scale = Math.max(Math.abs(to.x - fixed.x) / w, Math.abs(to.y - fixed.y) / h);
  return {
    x: fixed.x + Math.sign(to.x - fixed.x || 1) * w * scale,
    y: fixed.y + Math.sign(to.y - fixed.y || 1) * h * scale,
  };
}

/** Drags one end of a line, off or onto an object. */
export function endGesture(state: StageState, line: Shown, which: 'from' | 'to'): Gesture {
  let end: End | undefined;
  return {
    move(to) {
      end = endAt(state, to, line.id);
      state.setDraft({ objects: [{ ...line, [which]: end }] });
    },
    up() {
      state.setDraft(undefined);
      const put = end;
      if (put) state.change((change) => change.setEnd(line.id, which, put));
    },
    cancel: () => state.setDraft(undefined),
  };
}

/** Chooses all that a frame touches, besides what was chosen already. */
export function frameGesture(state: StageState, start: Point, more: boolean): Gesture {
  const before = more ? [...state.selected()] : [];
  if (!more) state.select([]);
  return {
    move(to) {
      const frame = boxBetween(start, to);
      const inside = state.objects().filter((object) => overlaps(boundsOf(object), frame));
      state.select([...before, ...inside.map(({ id }) => id)]);
      state.setDraft({ objects: [], frame });
    },
    up: () => state.setDraft(undefined),
    cancel: () => state.setDraft(undefined),
  };
}

/** Moves the view with the pointer. */
export function panGesture(state: StageState, event: PointerEvent): Gesture {
  const begin = state.view();
  const from = { x: event.clientX, y: event.clientY };
  return {
    move(_to, { clientX, clientY }) {
      const { zoom } = begin;
      state.setView({
        x: begin.x - (clientX - from.x) / zoom,
        y: begin.y - (clientY - from.y) / zoom,
        zoom: state.view().zoom,
      });
    },
    up: () => undefined,
    cancel: () => undefined,
  };
}
