import type * as Y from 'yjs';
import { type EntryFields, addEntry, entriesOf, entryFields, nextMove, setFields } from './index-entries.ts';

/**
 * Takes a change back: exactly the fields that it set, of entries where nobody set them since. False when some entry was
 * left as others made it.
 */
export type Undo = () => boolean;

/** Fields to set, by id of the entry. */
export type Changes = ReadonlyMap<string, EntryFields>;

/** Sets fields of entries in one transaction; entries that are not there are passed over. */
export function changeEntries(doc: Y.Doc, changes: Changes): Undo {
  const before = new Map<string, EntryFields>();
  doc.transact(() => {
    for (const [id, fields] of changes) {
      const entry = entryFields(doc, id);
      if (entry === undefined) continue;
      before.set(id, valuesOf(entry, fields));
      setFields(entry, fields);
    }
  });
  return () =>
    eachUnchanged(doc, before, changes, (id) => {
      const entry = entryFields(doc, id);
      if (entry !== undefined) setFields(entry, before.get(id) ?? {});
    });
}

/** Where entries are moved to, with the folder that showed each before. */
export interface Move {
  from: ReadonlyMap<string, string>;
  to: string;
  /** Whether a folder lies at or below an entry by now: it is not put in there. */
  isBelow: (folder: string, id: string) => boolean;
}

/** Moves entries in one transaction. Taking it back is a move again, later than all others (SPEC J3). */
export function moveEntries(doc: Y.Doc, { from, to, isBelow }: Move, now: () => number): Undo {
  const moved = nextMove(doc, now());
  const changes = new Map([...from.keys()].map((id) => [id, { parent: to, moved }]));
  changeEntries(doc, changes);
  return () => {
    const back = nextMove(doc, now());
    let stuck = false;
    const all = eachUnchanged(doc, from, changes, (id, parent) => {
      if (isBelow(parent, id)) stuck = true;
      else changeEntries(doc, new Map([[id, { parent, moved: back }]]));
    });
    return all && !stuck;
  };
}

/** Adds entries under ids that are not taken, in one transaction; taking it back removes those that nobody changed and nobody put something into. */
export function addEntries(doc: Y.Doc, added: Changes, isEmpty: (id: string) => boolean): Undo {
  const fresh = [...added].filter(([id]) => !entriesOf(doc).has(id));
  doc.transact(() => {
    for (const [id, fields] of fresh) addEntry(doc, id, fields);
  });
  const asAdded = new Map(fresh.map(([id]) => [id, snapshotOf(doc, id)]));
  return () => {
    const gone = [...asAdded].filter(([id, text]) => snapshotOf(doc, id) === text && isEmpty(id));
    removeEntries(
      doc,
      gone.map(([id]) => id),
    );
    return gone.length === asAdded.size;
  };
}

/** Takes entries out of the index for good, in one transaction. */
export function removeEntries(doc: Y.Doc, ids: readonly string[]): void {
  doc.transact(() => {
    for (const id of ids) entriesOf(doc).delete(id);
  });
}

/** Calls back, in one transaction, for the entries whose fields are still as they were changed. */
function eachUnchanged<T>(
  doc: Y.Doc,
  before: ReadonlyMap<string, T>,
  changes: Changes,
  act: (id: string, before: T) => void,
): boolean {
  let all = true;
  doc.transact(() => {
    for (const [id, value] of before) {
      const entry = entryFields(doc, id);
      const fields = changes.get(id) ?? {};
      if (entry !== undefined && Object.entries(fields).every(([name, set]) => entry.get(name) === set)) {
        act(id, value);
      } else all = false;
    }
  });
  return all;
}

/** What the named fields of an entry hold; what a field of ours cannot hold is as if it were absent. */
function valuesOf(entry: Y.Map<unknown>, fields: EntryFields): EntryFields {
  return Object.fromEntries(
    Object.keys(fields).map((name) => {
      const value = entry.get(name);
      return [name, typeof value === 'string' || typeof value === 'number' ? value : undefined];
    }),
  );
}

function snapshotOf(doc: Y.Doc, id: string): string {
  return JSON.stringify(entryFields(doc, id)?.toJSON());
}
