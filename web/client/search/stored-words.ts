import * as Y from 'yjs';
import type { Database } from '../store/database.ts';
import type { ReadText } from './read-text.ts';

/** The words of a document as this device holds it, and a mark that changes with what is stored of it. */
export interface StoredWords {
  mark: string;
  /** Undefined: the mark is the one that was given, so nothing was read. */
  text: string | undefined;
}

export interface Place {
  db: Pick<Database, 'pending'>;
  /** How the names of the documents' own databases begin. */
  prefix: string;
}

/**
 * Reads the words of a document that may be open elsewhere: its stored rows and the rows of other devices that wait. Writes nothing.
 * Rejects when IndexedDB fails.
 */
export async function readStoredWords(
  { db, prefix }: Place,
  id: string,
  read: ReadText,
  known?: string,
): Promise<StoredWords> {
  // Before the stored rows: what moves over meanwhile is then read twice, which is harmless, and never missed.
  const pending = await db.pending.where('doc').equals(id).toArray();
  const opened = await openExisting(prefix + id);
  try {
    const last = opened ? await lastKey(opened) : 0;
    const mark = `${last}:${pending.at(-1)?.id ?? 0}`;
    if (mark === known) return { mark, text: undefined };
    const stored = opened ? await readRows(opened) : [];
    return { mark, text: readUpdates([...stored, ...pending.map((row) => row.update)], read) };
  } finally {
    opened?.close();
  }
}

function readUpdates(updates: readonly Uint8Array[], read: ReadText): string {
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      for (const update of updates) applyIfReadable(doc, update);
    });
    return read(doc);
  } finally {
    doc.destroy();
  }
}

function applyIfReadable(doc: Y.Doc, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update);
  } catch {
    // A damaged row says nothing; the others still do.
    return;
  }
}

/** Opens a document's database; undefined when this device has none, which looking must not change. */
function openExisting(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    let isNew = false;
    request.onupgradeneeded = () => {
      isNew = true;
      request.transaction?.abort();
    };
    request.onerror = () =>
      isNew ? resolve(undefined) : reject(request.error ?? new Error('IndexedDB did not open'));
    request.onsuccess = () => resolve(request.result);
  });
}

const updates = 'updates';

function lastKey(db: IDBDatabase): Promise<number> {
  return new Promise((resolve, reject) => {
    const cursor = db.transaction(updates, 'readonly').objectStore(updates).openKeyCursor(null, 'prev');
    cursor.onsuccess = () => resolve(typeof cursor.result?.key === 'number' ? cursor.result.key : 0);
    cursor.onerror = () => reject(cursor.error ?? new Error('IndexedDB could not be read'));
  });
}

function readRows(db: IDBDatabase): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const request = db.transaction(updates, 'readonly').objectStore(updates).getAll();
    request.onsuccess = () =>
      resolve(request.result.filter((row: unknown): row is Uint8Array => row instanceof Uint8Array));
    request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be read'));
  });
}
