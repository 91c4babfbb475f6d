import * as Y from 'yjs';
import type { Timeline } from './timeline.ts';
import {
  type AnyType,
  type Found,
  findValue,
  valueIn,
  itemsOf,
  rootOf,
  type Slice,
  sliceItem,
  valuesOf,
} from './visible.ts';

/** Against the state that is compared with. */
export type Change = 'same' | 'added' | 'removed';

/** A piece of text as it was. */
export interface PastText {
  readonly kind: 'text';
  readonly text: string;
  /** Names of marks that were on it. */
  readonly marks: readonly string[];
  readonly change: Change;
  /** The step that brought it. */
  readonly step: number | undefined;
}

/** A block as it was: name and attributes are those of the editor, or the key of a map. */
export interface PastNode {
  readonly kind: 'node';
  readonly name: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly change: Change;
  readonly step: number | undefined;
  readonly children: readonly (PastNode | PastText)[];
}

/** What the app itself keeps in a document: nobody wrote it. */
const unseen = ['meta', 'comments'];

interface Look {
  readonly timeline: Timeline;
  readonly now: Y.Snapshot;
  readonly before: Y.Snapshot;
}

/**
 * What a document showed behind the first `count` steps, and what was otherwise behind the first `against`: pieces that are
 * new, and those that are gone. Who wrote a piece is the author of its step.
 */
export function viewPast(timeline: Timeline, count: number, against = count): PastNode[] {
  const look = { timeline, now: timeline.seek(count), before: timeline.seek(against) };
  return [...timeline.doc.share.keys()]
    .filter((name) => !unseen.includes(name))
    .map((name) => ({
      ...({ kind: 'node', name, attrs: {}, change: 'same', step: undefined } as const),
      children: viewChildren(rootOf(timeline.doc, name), look),
    }));
}

function viewChildren(type: AnyType, look: Look): (PastNode | PastText)[] {
  const children: (PastNode | PastText)[] = [];
  const marks = new Map<string, unknown>();
  for (const item of itemsOf(type)) {
    for (const slice of sliceItem(item, [look.now, look.before], authorEdges(item, look.timeline))) {
      const change = changeOf(slice);
      if (change === undefined) continue;
      const { content } = item;
      if (content instanceof Y.ContentFormat) {
        // What is gone is shown with the marks that are there now: near enough, and never wrong about now.
        if (change !== 'removed') setMark(marks, content.key, content.value as unknown);
      } else if (content instanceof Y.ContentType) {
        children.push(viewNode(content.type, { item, change }, look));
      } else {
        for (const piece of viewText(slice, change, [...marks.keys()], look))
          addText(children, piece, look.timeline);
      }
    }
  }
  if (!(type instanceof Y.XmlElement)) children.push(...viewEntries(type, look));
  return children;
}

/** An item is one, but several people may have written its parts. */
function authorEdges(item: Y.Item, timeline: Timeline): number[] {
  if (item.length === 1 || !(item.content instanceof Y.ContentString)) return [];
  const { client, clock } = item.id;
  const edges: number[] = [];
  let author = authorAt(timeline, client, clock);
  for (let at = clock + 1; at < clock + item.length; at++) {
    const other = authorAt(timeline, client, at);
    if (other !== author) edges.push(at);
    author = other;
  }
  return edges;
}

function authorAt({ steps, stepOf }: Timeline, client: number, clock: number): string | undefined {
  return steps[stepOf(client, clock) ?? -1]?.author;
}

/** Letters that somebody typed one after the other are one piece. */
function addText(children: (PastNode | PastText)[], piece: PastText, { steps }: Timeline): void {
  const last = children.at(-1);
  const isOne =
    last?.kind === 'text' &&
    last.change === piece.change &&
    steps[last.step ?? -1]?.author === steps[piece.step ?? -1]?.author &&
    last.marks.join(' ') === piece.marks.join(' ');
  if (isOne) children[children.length - 1] = { ...last, text: last.text + piece.text };
  else children.push(piece);
}

function changeOf({ visible }: Slice): Change | undefined {
  const [now, before] = visible;
  if (now) return before ? 'same' : 'added';
  return before ? 'removed' : undefined;
}

function setMark(marks: Map<string, unknown>, key: string, value: unknown): void {
  if (value === null) marks.delete(key);
  else marks.set(key, value);
}

function viewText(slice: Slice, change: Change, marks: string[], { timeline }: Look): PastText[] {
  const text = valuesOf(slice).map(valueToText).join(' ');
  if (text === '') return [];
  const step = timeline.stepOf(slice.item.id.client, slice.clock);
  return [{ kind: 'text', text, marks, change, step }];
}

function valueToText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function viewNode(
  type: AnyType,
  { item, change, name }: { item: Y.Item; change: Change; name?: string },
  look: Look,
): PastNode {
  const kept = change === 'removed' ? look.before : look.now;
  // Within what is gone, or new, nothing is told apart again.
  const inner = change === 'same' ? look : { ...look, now: kept, before: kept };
  return {
    kind: 'node',
    name: name ?? (type instanceof Y.XmlElement ? type.nodeName : ''),
    attrs: type instanceof Y.XmlElement ? readAttributes(type, kept) : {},
    change,
    step: look.timeline.stepOf(item.id.client, item.id.clock),
    children: viewChildren(type, inner).map((child) => markAs(child, change)),
  };
}

function markAs<T extends PastNode | PastText>(child: T, change: Change): T {
  if (change === 'same') return child;
  return child.kind === 'text'
    ? { ...child, change }
    : { ...child, change, children: child.children.map((inner) => markAs(inner, change)) };
}

/** Attributes of an element, by name. */
export function readAttributes(type: AnyType, at: Y.Snapshot): Record<string, unknown> {
  const attrs: Record<string, unknown> = {};
  for (const key of type._map.keys()) {
    const found = findValue(type, key, at);
    if (found) attrs[key] = valueIn(found);
  }
  return attrs;
}

/** Values under the keys of a map; one that is otherwise now is shown as gone and as new. */
function* viewEntries(type: AnyType, look: Look): Generator<PastNode> {
  for (const key of [...type._map.keys()].sort()) {
    const [now, before] = [findValue(type, key, look.now), findValue(type, key, look.before)];
    const isSame = now?.item === before?.item && now?.clock === before?.clock;
    if (before && !isSame) yield viewValue(key, before, 'removed', look);
    if (now) yield viewValue(key, now, isSame ? 'same' : 'added', look);
  }
}

function viewValue(key: string, found: Found, change: Change, look: Look): PastNode {
  const { item, clock } = found;
  const { content } = item;
  if (content instanceof Y.ContentType) return viewNode(content.type, { item, change, name: key }, look);
  const step = look.timeline.stepOf(item.id.client, clock);
  const text = valueToText(valueIn(found));
  return {
    ...({ kind: 'node', name: key, attrs: {}, change, step } as const),
    children: text === '' ? [] : [{ kind: 'text', text, marks: [], change, step }],
  };
}

/** The words of a view as plain text, a block a line; what is gone is left out. */
export function pastText(nodes: readonly (PastNode | PastText)[]): string {
  const lines: string[] = [''];
  const walk = (children: readonly (PastNode | PastText)[]): void => {
    for (const child of children) {
      if (child.change === 'removed') continue;
      if (child.kind === 'text') lines[lines.length - 1] += child.text;
      else {
        if (child.name !== '' && lines.at(-1) !== '') lines.push('');
        walk(child.children);
        if (child.name !== '' && lines.at(-1) !== '') lines.push('');
      }
    }
  };
  walk(nodes);
  return lines.join('\n').trim();
}
