import { type Accessor, createEffect, createMemo, createSignal } from 'solid-js';
import type { Random } from '../../../shared/bytes.ts';
import type { AppDocument } from '../../state/app-document.ts';
import { type ObjectChanges, createChanges } from './model/change.ts';
import { type Box, type Point, boundsOf, unionOf } from './model/geometry.ts';
import { type Drawn, drawnIn } from './model/drawn.ts';
import { type Color, type Shown, isLine, placeLines, readObjects } from './model/objects.ts';

export const tools = ['select', 'hand', 'pen', 'rect', 'ellipse', 'line', 'arrow', 'note', 'text'] as const;
export type Tool = (typeof tools)[number];

/** What is seen: the point of the board at the upper left corner, and pixels per unit. */
export interface View extends Point {
  zoom: number;
}

/** What is shown while a pointer is down, before it is written. */
export interface Draft {
  /** Objects as they would be, by id; new ones too. */
  objects: Shown[];
  /** Where lines of alignment stand. */
  guides?: { x?: number; y?: number };
  /** What is being chosen. */
  frame?: Box;
}

/** A whiteboard on the screen, as its parts see it. */
export interface StageState {
  readonly app: AppDocument;
  /** From back to front, with the draft. */
  readonly objects: Accessor<Shown[]>;
  readonly byId: Accessor<ReadonlyMap<string, Shown>>;
  /** Those of them that are drawn: what can be seen, and of very many the largest. */
  readonly drawn: Accessor<Drawn>;
  change(act: (change: ObjectChanges) => void): void;
  readonly view: Accessor<View>;
  setView(view: View): void;
  /** Pixels of the stage. */
  readonly size: Accessor<{ w: number; h: number }>;
  setSize(size: { w: number; h: number }): void;
  readonly tool: Accessor<Tool>;
  setTool(tool: Tool): void;
  readonly color: Accessor<Color>;
  setColor(color: Color): void;
  readonly selected: Accessor<ReadonlySet<string>>;
  select(ids: Iterable<string>): void;
  readonly editing: Accessor<string | undefined>;
  edit(id: string | undefined): void;
  setDraft(draft: Draft | undefined): void;
  readonly draft: Accessor<Draft | undefined>;
  readonly said: Accessor<string>;
  announce(words: string): void;
}

export function createStageState(app: AppDocument, random: Random): StageState {
  const read = app.read(readObjects);
  const [draft, setDraft] = createSignal<Draft>();
  const [view, setView] = createSignal<View>({ x: 0, y: 0, zoom: 1 });
  const [size, setSize] = createSignal({ w: 0, h: 0 });
  const [tool, setTool] = createSignal<Tool>('select');
  const [color, setColor] = createSignal<Color>('ink');
  const [selected, setSelected] = createSignal<ReadonlySet<string>>(new Set());
  const [editing, edit] = createSignal<string>();
  const [said, announce] = createSignal('');
  const changes = createChanges(app.doc, random);
  const written = createMemo<Shown[]>((before) => keepSame(before, read()), []);
  const objects = createMemo<Shown[]>((before) => keepSame(before, withDraft(written(), draft())), []);
  const byId = createMemo(() => new Map(objects().map((object) => [object.id, object])));
  const drawn = createMemo(() => drawnIn(objects(), boxOf(view(), size())));
  const select = (ids: Iterable<string>): void => void setSelected(new Set(ids));
  createEffect(() => {
    const there = byId();
    const left = [...selected()].filter((id) => there.has(id));
    if (left.length < selected().size) select(left);
    const writing = editing();
    if (writing !== undefined && !there.has(writing)) edit(undefined);
  });
  return {
    ...{ app, objects, byId, drawn, view, setView, size, setSize, tool, setTool, color, setColor },
    ...{ selected, select, editing, edit, draft, setDraft, said, announce },
    change: (act) => app.edit(() => act(changes)),
  };
}

function withDraft(objects: Shown[], draft: Draft | undefined): Shown[] {
  if (!draft || draft.objects.length === 0) return objects;
  const drafts = new Map(draft.objects.map((object) => [object.id, object]));
  const there = objects.map((object) => drafts.get(object.id) ?? object);
  const known = new Set(objects.map(({ id }) => id));
  return placeLines([...there, ...draft.objects.filter(({ id }) => !known.has(id))]);
}

/** What did not change stays the same object, so that it is not drawn again. */
function keepSame(before: readonly Shown[], now: readonly Shown[]): Shown[] {
  const known = new Map(before.map((object) => [object.id, object]));
  return now.map((object) => {
    const old = known.get(object.id);
    return old && isSame(old, object) ? old : object;
  });
}

function isSame(a: Shown, b: Shown): boolean {
  if (a === b) return true;
  const flat = ({ points: _points, ...rest }: Shown): string => JSON.stringify(rest);
  return a.points === b.points && flat(a) === flat(b);
}

/** An object as it would be after a move. */
export function movedBy(object: Shown, dx: number, dy: number): Shown {
  const shift = <T extends Point>(point: T): T => ({ ...point, x: point.x + dx, y: point.y + dy });
  if (!isLine(object.kind)) return { ...object, box: shift(object.box) };
  const { from, to } = object;
  return { ...object, from: from.id ? from : shift(from), to: to.id ? to : shift(to) };
}

const least = 0.1;
const most = 8;

/** The view after zooming by a factor around a point of the window that stays where it is (pixels of the stage). */
export function zoomed(view: View, factor: number, at: Point): View {
  const zoom = Math.max(least, Math.min(most, view.zoom * factor));
  const kept = { x: view.x + at.x / view.zoom, y: view.y + at.y / view.zoom };
  return { x: kept.x - at.x / zoom, y: kept.y - at.y / zoom, zoom };
}

/** The part of the board that is seen. */
function boxOf({ x, y, zoom }: View, { w, h }: { w: number; h: number }): Box {
  return { x, y, w: w / zoom, h: h / zoom };
}

/** The view that shows all objects, never larger than they are. */
export function fitView(objects: readonly Shown[], size: { w: number; h: number }): View {
  const box = unionOf(objects.map(boundsOf));
  if (!box || size.w === 0) return { x: 0, y: 0, zoom: 1 };
  const room = { w: Math.max(80, size.w - 80), h: Math.max(80, size.h - 180) };
  const zoom = Math.max(least, Math.min(1, room.w / box.w, room.h / box.h));
  return {
    x: box.x + box.w / 2 - size.w / 2 / zoom,
    y: box.y + box.h / 2 - size.h / 2 / zoom,
    zoom,
  };
}

/** The view moved just so far that a box can be seen. */
export function revealing(view: View, size: { w: number; h: number }, box: Box): View {
  const margin = 60 / view.zoom;
  const [w, h] = [size.w / view.zoom, size.h / view.zoom];
  const along = (from: number, room: number, at: number, length: number): number =>
    at - margin < from
      ? at - margin
      : at + length + margin > from + room
        ? at + length + margin - room
        : from;
  return { ...view, x: along(view.x, w, box.x, box.w), y: along(view.y, h, box.y, box.h) };
}
