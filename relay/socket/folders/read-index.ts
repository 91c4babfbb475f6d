import * as Y from 'yjs';
import type { FolderChange } from '../../../shared/api/folders.ts';
import { type EntryFields, readFields } from './index-fields.ts';

/** An entry that is other than it was told before; without `entry` it is gone. */
export interface EntryChange {
  readonly id: string;
  readonly entry?: EntryFields;
}

/** Entries that are told at once. */
const page = 1000;
const entryId = /^[0-9A-Za-z]{24}$/;

/** Entries of each open index that are other than they were told. */
const untold = new WeakMap<Y.Doc, Set<string>>();

/** Runs in the thread that reads documents. @param whole tell all entries, not only those that changed since the last time */
export function tellEntries(doc: Y.Doc, whole: boolean): { entries: EntryChange[]; more: boolean } {
  const documents = doc.getMap('documents');
  const known = untold.get(doc);
  const changed = known ?? follow(doc, documents);
  if (whole || !known) for (const id of documents.keys()) changed.add(id);
  const entries: EntryChange[] = [];
  for (const id of changed) {
    if (entries.length === page) return { entries, more: true };
    changed.delete(id);
    if (entryId.test(id)) entries.push(readChange(id, documents.get(id)));
  }
  return { entries, more: false };
}

function readChange(id: string, entry: unknown): EntryChange {
  if (!(entry instanceof Y.Map)) return { id };
  return { id, entry: readFields(Object.fromEntries(entry.entries())) };
}

function follow(doc: Y.Doc, documents: Y.Map<unknown>): Set<string> {
  const changed = new Set<string>();
  documents.observeDeep((events) => {
    for (const { path, changes } of events) {
      if (typeof path[0] === 'string') changed.add(path[0]);
      else for (const id of changes.keys.keys()) changed.add(id);
    }
  });
  untold.set(doc, changed);
  return changed;
}

/**
 * Writes fields into entries, and makes those that are not there; one row.
 * @returns undefined when nothing is other than before
 * @throws Error when something else stands in the place of an entry
 */
export function writeEntries(doc: Y.Doc, changes: readonly FolderChange[]): Uint8Array | undefined {
  const documents = doc.getMap('documents');
  let news: Uint8Array | undefined;
  const listen = (update: Uint8Array): void => {
    news = update;
  };
  doc.on('update', listen);
  try {
    doc.transact(() => {
      for (const { id, fields } of changes) {
        if (!documents.has(id)) documents.set(id, new Y.Map());
        const entry = documents.get(id);
        if (!(entry instanceof Y.Map)) throw new Error('this is no entry');
        for (const [name, value] of Object.entries(fields)) setField(entry, name, value);
      }
    });
  } finally {
    doc.off('update', listen);
  }
  return news;
}

function setField(entry: Y.Map<unknown>, name: string, value: string | number | null): void {
  if (value === null) {
    if (entry.has(name)) entry.delete(name);
  } else if (entry.get(name) !== value) entry.set(name, value);
}
