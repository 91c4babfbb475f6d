import { settlePlaces } from './settle-places.ts';
import type { Entries, FieldChanges, Fields } from './list-fields.ts';

export interface MergeParts {
  /** The list as this device saw it last; undefined when it never saw one, or lost it. */
  base: Entries | undefined;
  /** The list as the relay tells it now. */
  theirs: Entries;
  /** The index of this device. */
  mine: Entries;
  /** What left the folder before, and waits here. */
  left: ReadonlySet<string>;
  /** Whether something of a document waits to be sent. */
  hasUnsent: (id: string) => boolean;
  /** Whether this device changes anything. */
  writes: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

export interface Merged {
  /** What changes in the index of this device. */
  set: Map<string, FieldChanges>;
  /** What leaves it. */
  gone: string[];
  /** What is not in the folder any more and stays for its words that were not sent. */
  stays: string[];
  /** What the relay is to change, folders before what lies in them; null takes a field away. */
  send: { id: string; changes: FieldChanges; isNew: boolean }[];
}

/**
 * Brings two copies of a list together that were changed apart (SPEC C15): field by field, what was changed here since this device saw
 * the list stays and is sent, and the rest is as the relay has it. What came to the list enters, what left it leaves; nothing of
 * either that was written is lost. What would lie in itself by moves on both sides stays where the relay has it.
 */
export function mergeList(parts: MergeParts): Merged {
  const { base, theirs, mine, left, writes } = parts;
  const merged: Merged = { set: new Map(), gone: [], stays: [], send: [] };
  const sent = new Map<string, FieldChanges>();
  for (const [id, told] of theirs) {
    const own = mine.get(id);
    const before = base?.get(id);
    const { set, send } =
      own === undefined
        ? reenter(told, before !== undefined && writes && !left.has(id) ? parts.now : undefined)
        : mergeFields(own, told, { before, wins: writes && base !== undefined });
    note(merged.set, id, set);
    note(sent, id, send);
  }
  for (const [id, own] of mine) {
    if (theirs.has(id)) continue;
    const wasThere = base?.has(id) === true || left.has(id);
    if (wasThere && parts.hasUnsent(id)) merged.stays.push(id);
    else if (wasThere) merged.gone.push(id);
    else if (writes && mayEnter(own)) sent.set(id, { ...own });
  }
  merged.send = settlePlaces({ theirs, sent, set: merged.set });
  return merged;
}

function note(to: Map<string, FieldChanges>, id: string, changes: FieldChanges): void {
  if (Object.keys(changes).length > 0) to.set(id, changes);
}

/** What is sealed or somebody else's is none of the folder's. */
function mayEnter(own: Fields): boolean {
  return !['sealed', 'vault', 'owner'].some((name) => name in own) && own['type'] !== 'sealed';
}

/** An entry of the list that is not here. Taken out here for good: this device cannot do that for all, so it is put in the trash. */
function reenter(told: Fields, trashed: number | undefined): { set: FieldChanges; send: FieldChanges } {
  if (trashed === undefined || 'trashed' in told) return { set: { ...told }, send: {} };
  return { set: { ...told, trashed }, send: { trashed } };
}

function mergeFields(
  own: Fields,
  told: Fields,
  { before, wins }: { before: Fields | undefined; wins: boolean },
): { set: FieldChanges; send: FieldChanges } {
  const [set, send]: [FieldChanges, FieldChanges] = [{}, {}];
  const moves = wins && movedLast(own, told, before);
  for (const name of new Set([...Object.keys(own), ...Object.keys(told)])) {
    if (own[name] === told[name]) continue;
    const keeps = name === 'parent' || name === 'moved' ? moves : wins && own[name] !== before?.[name];
    if (keeps) send[name] = own[name] ?? null;
    else set[name] = told[name] ?? null;
  }
  return { set, send };
}

/** A place and its time are one thing (SPEC J3): changed here, and not later there. */
function movedLast(own: Fields, told: Fields, before: Fields | undefined): boolean {
  const isMoved = (fields: Fields): boolean =>
    fields['parent'] !== before?.['parent'] || fields['moved'] !== before?.['moved'];
  if (!isMoved(own)) return false;
  return !isMoved(told) || Number(told['moved'] ?? 0) <= Number(own['moved'] ?? 0);
}
