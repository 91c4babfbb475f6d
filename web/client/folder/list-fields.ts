import * as v from 'valibot';
import type * as Y from 'yjs';
import { type FolderEntry, type FolderList, folderPatchSchema } from '../../../shared/api/folders.ts';
import { addEntry, entriesOf, entryFields, setFields } from '../documents/index-entries.ts';

/** The flat fields of an entry. `parent` is always there; empty for the one folder itself, which is the top on this device. */
export type Fields = Readonly<Record<string, string | number>>;
export type Entries = ReadonlyMap<string, Fields>;
/** Fields to set; null takes one away. */
export type FieldChanges = Record<string, string | number | null>;

/** The list as the relay tells it, with its folder as the top. */
export function listToEntries({ folder, entries }: FolderList): Map<string, Fields> {
  return new Map(entries.map(({ id, fields }) => [id, atTop(fields, folder?.id)]));
}

function atTop(fields: FolderEntry['fields'], folder: string | undefined): Fields {
  const { parent = '' } = fields;
  return { ...fields, parent: parent === folder ? '' : parent };
}

/** The entries of an index, each with whatever flat fields stand there. */
export function readFields(index: Y.Doc): Map<string, Fields> {
  const entries = new Map<string, Fields>();
  for (const id of entriesOf(index).keys()) {
    const all = Object.entries(entryFields(index, id)?.toJSON() ?? {});
    if (all.length === 0) continue;
    const flat = all.filter((field): field is [string, string | number] => isFlat(field[1]));
    entries.set(id, { parent: '', ...Object.fromEntries(flat) });
  }
  return entries;
}

function isFlat(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Sets fields of entries, enters those that are not there, and takes others out; one transaction. */
export function writeFields(
  index: Y.Doc,
  { set, gone }: { set: ReadonlyMap<string, FieldChanges>; gone: readonly string[] },
  origin: unknown,
): void {
  if (set.size === 0 && gone.length === 0) return;
  index.transact(() => {
    for (const [id, changes] of set) {
      const fields = Object.fromEntries(Object.entries(changes).map(([name, to]) => [name, to ?? undefined]));
      const entry = entryFields(index, id);
      if (entry === undefined) addEntry(index, id, fields);
      else setFields(entry, fields);
    }
    for (const id of gone) entriesOf(index).delete(id);
  }, origin);
}

/**
 * What of a change the relay takes of a device with one folder (SPEC C15), with the folder in the place of the top; what it
 * does not, keys of sealed folders and the like, stays here. Undefined when nothing is left.
 */
export function toSendable(
  id: string,
  changes: FieldChanges,
  folder: string,
): { id: string; fields: FieldChanges } | undefined {
  const placed = changes['parent'] === '' ? { ...changes, parent: folder } : changes;
  const taken = Object.entries(placed).filter(([name, value]) =>
    v.is(folderPatchSchema, { changes: [{ id, fields: { [name]: value } }] }),
  );
  return taken.length === 0 ? undefined : { id, fields: Object.fromEntries(taken) };
}

/** The list after these changes, which the relay has taken. */
export function applyChanges(
  entries: Entries,
  changes: readonly { id: string; fields: FieldChanges }[],
  folder: string,
): Map<string, Fields> {
  const next = new Map(entries);
  for (const { id, fields } of changes) {
    const all = Object.entries({ ...next.get(id), ...fields });
    const flat = all.filter((field): field is [string, string | number] => field[1] !== null);
    next.set(id, atTop(Object.fromEntries(flat), folder));
  }
  return next;
}
