import * as Y from 'yjs';

/** What every shared type has: a list of items, and items by key. */
export interface AnyType {
  readonly _start: Y.Item | null;
  readonly _map: Map<string, Y.Item>;
}

/** A part of an item that is of one kind throughout: neither snapshot changes within it. */
export interface Slice {
  readonly item: Y.Item;
  /** First clock, and length in clocks. */
  readonly clock: number;
  readonly length: number;
  readonly visible: readonly boolean[];
}

/** Items of a list or text, in their order. */
export function* itemsOf(type: AnyType): Generator<Y.Item> {
  for (let item = type._start; item !== null; item = item.right) yield item;
}

/** Cuts an item where one of the snapshots begins or ends to show it. @param cuts more clocks to cut at */
export function sliceItem(
  item: Y.Item,
  snapshots: readonly Y.Snapshot[],
  cuts: readonly number[] = [],
): Slice[] {
  const { client, clock } = item.id;
  const end = clock + item.length;
  // Most items of a text that was typed are one letter: there is nothing to cut.
  if (item.length === 1)
    return [{ item, clock, length: 1, visible: snapshots.map((one) => shows(one, client, clock)) }];
  const edges = new Set([clock, ...cuts.filter((cut) => cut > clock && cut < end)]);
  for (const { sv, ds } of snapshots) {
    const known = sv.get(client) ?? 0;
    if (known > clock && known < end) edges.add(known);
    for (const range of rangesWithin(ds, client, clock, end)) {
      if (range.clock > clock) edges.add(range.clock);
      if (range.clock + range.len < end) edges.add(range.clock + range.len);
    }
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.map((from, i) => ({
    item,
    clock: from,
    length: (sorted[i + 1] ?? end) - from,
    visible: snapshots.map((snapshot) => shows(snapshot, client, from)),
  }));
}

/** Whether a snapshot shows what a client wrote at a clock. */
export function shows({ sv, ds }: Y.Snapshot, client: number, clock: number): boolean {
  return clock < (sv.get(client) ?? 0) && rangesWithin(ds, client, clock, clock + 1).length === 0;
}

interface Range {
  readonly clock: number;
  readonly len: number;
}

/** Deleted ranges of a client that overlap with `[from, to)`; they are sorted. */
function rangesWithin(ds: Y.Snapshot['ds'], client: number, from: number, to: number): Range[] {
  const ranges = ds.clients.get(client) ?? [];
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { clock, len } = ranges[middle]!;
    if (clock + len > from) high = middle;
    else low = middle + 1;
  }
  const found: Range[] = [];
  for (let i = low; i < ranges.length && ranges[i]!.clock < to; i++) found.push(ranges[i]!);
  return found;
}

/** A value under a key: Yjs joins items, so an item may hold several values that followed each other. */
export interface Found {
  readonly item: Y.Item;
  readonly clock: number;
}

/** The newest value under a key that a snapshot shows. */
export function findValue(type: AnyType, key: string, snapshot: Y.Snapshot): Found | undefined {
  const known = ({ id }: Y.Item): number => snapshot.sv.get(id.client) ?? 0;
  let item = type._map.get(key) ?? null;
  while (item !== null && item.id.clock >= known(item)) item = item.left;
  if (item === null) return undefined;
  const clock = Math.min(item.id.clock + item.length, known(item)) - 1;
  return shows(snapshot, item.id.client, clock) ? { item, clock } : undefined;
}

export function valueIn({ item, clock }: Found): unknown {
  return item.content.getContent()[clock - item.id.clock] as unknown;
}

/** What an item holds as text, in as many parts as it has clocks: characters or values. */
export function valuesOf(slice: Slice): unknown[] {
  const { item, clock, length } = slice;
  const from = clock - item.id.clock;
  const { content } = item;
  if (content instanceof Y.ContentString) return [content.str.slice(from, from + length)];
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON)
    return content.arr.slice(from, from + length) as unknown[];
  return content instanceof Y.ContentEmbed ? [content.embed as unknown] : [];
}

/** Roots of a document whose kind nobody said: by what is in them. */
export function rootOf(doc: Y.Doc, name: string): AnyType {
  const root: AnyType | undefined = doc.share.get(name);
  if (root === undefined) return doc.getMap(name);
  // A placeholder, until somebody says what it is.
  if (Object.getPrototypeOf(root) !== Y.AbstractType.prototype) return root;
  if (root._map.size > 0) return doc.getMap(name);
  for (const { content } of itemsOf(root)) {
    if (content instanceof Y.ContentString || content instanceof Y.ContentFormat) return doc.getText(name);
    if (
      content instanceof Y.ContentType &&
      (content.type instanceof Y.XmlElement || content.type instanceof Y.XmlText)
    )
      return doc.getXmlFragment(name);
  }
  return doc.getArray(name);
}
