import * as Y from 'yjs';
import { readAttributes } from './past-view.ts';
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

/** These follow what the app can do, or are about all states: they are never taken back. */
const lasting = ['meta', 'comments'];

/** Yjs updates on top of everything in a timeline. */
export interface Restoration {
  readonly update: Uint8Array;
  /** Takes `update` back, on top of it. */
  readonly undo: Uint8Array;
}

/**
 * An edit that makes a document again what it was behind the first `count` steps. Where something was deleted it is written anew at its place,
 * what came later is deleted, and all else is left alone: what others write meanwhile merges as with any edit.
 */
export function restoreUpdate(timeline: Timeline, count: number): Restoration {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(timeline.doc));
  const update = makeAgain(doc, timeline.seek(count));
  const undo = makeAgain(doc, timeline.seek(timeline.steps.length));
  doc.destroy();
  return { update, undo };
}

function makeAgain(doc: Y.Doc, then: Y.Snapshot): Uint8Array {
  const vector = Y.encodeStateVector(doc);
  doc.transact(() => {
    for (const name of [...doc.share.keys()])
      if (!lasting.includes(name)) restoreType(rootOf(doc, name), then);
  });
  return Y.encodeStateAsUpdate(doc, vector);
}

function restoreType(type: AnyType, then: Y.Snapshot): void {
  if (type instanceof Y.Text) type.applyDelta(deltaOf(type, then, true));
  else if (isList(type)) restoreList(type, then);
  restoreKeys(type, then);
}

type List = Y.XmlFragment | Y.Array<unknown>;

function isList(type: AnyType): type is List {
  return type instanceof Y.XmlFragment || type instanceof Y.Array;
}

function restoreList(list: List, then: Y.Snapshot): void {
  // Looked at before anything is changed: changes make new items.
  const slices = [...itemsOf(list)]
    .filter(({ countable }) => countable)
    .flatMap((item) => sliceItem(item, [then]).map((slice) => ({ slice, isThere: !item.deleted })));
  let index = 0;
  for (const { slice, isThere } of slices) {
    const wasThere = slice.visible[0] === true;
    const { content } = slice.item;
    if (isThere && wasThere && content instanceof Y.ContentType) restoreType(content.type, then);
    else if (isThere && !wasThere) list.delete(index, slice.length);
    else if (!isThere && wasThere) insertInto(list, index, slice, then);
    if (wasThere) index += slice.length;
  }
}

function insertInto(list: List, index: number, slice: Slice, then: Y.Snapshot): void {
  const { content } = slice.item;
  if (list instanceof Y.Array) {
    list.insert(index, content instanceof Y.ContentType ? [copyOf(content, then)] : valuesOf(slice));
  } else if (content instanceof Y.ContentType) {
    const copy = copyOf(content, then);
    if (copy instanceof Y.XmlElement || copy instanceof Y.XmlText) list.insert(index, [copy]);
  }
}

/** Entries of a map, attributes of an element. */
function restoreKeys(type: AnyType, then: Y.Snapshot): void {
  for (const [key, newest] of [...type._map]) {
    const was = findValue(type, key, then);
    if (was?.item === newest && !newest.deleted) {
      const { content } = newest;
      if (content instanceof Y.ContentType) restoreType(content.type, then);
    } else if (was) setKey(type, key, valueOf(was, then));
    else if (!newest.deleted) deleteKey(type, key);
  }
}

function setKey(type: AnyType, key: string, value: unknown): void {
  if (type instanceof Y.Map) type.set(key, value);
  else if (type instanceof Y.XmlElement || type instanceof Y.Text) type.setAttribute(key, value as string);
}

function deleteKey(type: AnyType, key: string): void {
  if (type instanceof Y.Map) type.delete(key);
  else if (type instanceof Y.XmlElement || type instanceof Y.Text) type.removeAttribute(key);
}

function valueOf(found: Found, then: Y.Snapshot): unknown {
  const { content } = found.item;
  return content instanceof Y.ContentType ? copyOf(content, then) : valueIn(found);
}

/** A type as it was, to be inserted anew. */
function copyOf({ type }: Y.ContentType, then: Y.Snapshot): AnyType {
  const old = type;
  if (old instanceof Y.XmlElement) return copyElement(old, then);
  if (old instanceof Y.Text) {
    const copy = old instanceof Y.XmlText ? new Y.XmlText() : new Y.Text();
    copy.applyDelta(deltaOf(old, then, false));
    return copy;
  }
  if (old instanceof Y.Array) {
    const copy = new Y.Array<unknown>();
    copy.insert(0, copyItems(old, then));
    return copy;
  }
  const copy = new Y.Map<unknown>();
  for (const key of old._map.keys()) {
    const was = findValue(old, key, then);
    if (was) copy.set(key, valueOf(was, then));
  }
  return copy;
}

function copyElement(old: Y.XmlElement, then: Y.Snapshot): AnyType {
  const copy = new Y.XmlElement(old.nodeName);
  const attrs = readAttributes(old, then);
  for (const [key, value] of Object.entries(attrs)) copy.setAttribute(key, value as string);
  const children = copyItems(old, then);
  copy.insert(
    0,
    children.filter((child) => child instanceof Y.XmlElement || child instanceof Y.XmlText),
  );
  return copy;
}

function copyItems(old: AnyType, then: Y.Snapshot): unknown[] {
  return [...itemsOf(old)]
    .filter(({ countable }) => countable)
    .flatMap((item) => sliceItem(item, [then]))
    .filter(({ visible }) => visible[0])
    .flatMap((slice) =>
      slice.item.content instanceof Y.ContentType ? [copyOf(slice.item.content, then)] : valuesOf(slice),
    );
}

type Marks = Record<string, unknown>;
interface Operation {
  insert?: unknown;
  retain?: number;
  delete?: number;
  attributes?: Marks;
}

/** From what is there (or from nothing) to what was. */
function deltaOf(text: Y.Text | AnyType, then: Y.Snapshot, fromNow: boolean): Operation[] {
  const [now, was]: [Marks, Marks] = [{}, {}];
  const delta: Operation[] = [];
  for (const item of itemsOf(text)) {
    for (const slice of sliceItem(item, [then])) {
      const isThere = fromNow && !item.deleted;
      const wasThere = slice.visible[0] === true;
      const { content } = item;
      if (content instanceof Y.ContentFormat) {
        if (isThere) setMark(now, content.key, content.value);
        if (wasThere) setMark(was, content.key, content.value);
      } else if (item.countable) delta.push(...operationsOf(slice, { isThere, wasThere, now, was }, then));
    }
  }
  return delta;
}

function setMark(marks: Marks, key: string, value: unknown): void {
  if (value === null) delete marks[key];
  else marks[key] = value;
}

function operationsOf(
  slice: Slice,
  { isThere, wasThere, now, was }: { isThere: boolean; wasThere: boolean; now: Marks; was: Marks },
  then: Y.Snapshot,
): Operation[] {
  if (isThere && !wasThere) return [{ delete: slice.length }];
  if (!wasThere) return [];
  if (isThere) return [{ retain: slice.length, ...difference(now, was) }];
  const { content } = slice.item;
  const values = content instanceof Y.ContentType ? [copyOf(content, then)] : valuesOf(slice);
  return values.map((insert) => ({ insert, attributes: { ...was } }));
}

/** What takes marks from one state to the other; null takes one away. */
function difference(from: Marks, to: Marks): { attributes?: Marks } {
  const attributes: Marks = {};
  for (const key of Object.keys(from)) if (!(key in to)) attributes[key] = null;
  for (const [key, value] of Object.entries(to))
    if (JSON.stringify(from[key]) !== JSON.stringify(value)) attributes[key] = value;
  return Object.keys(attributes).length > 0 ? { attributes } : {};
}
