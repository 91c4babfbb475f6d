import * as Y from 'yjs';
import { storageName } from '../spaces.ts';
import { FROM_STORE } from './origins.ts';

const UPDATES = 'updates';
/** What is kept of a document besides its rows. */
export const CUSTOM = 'custom';

/** Name of the IndexedDB database in which y-indexeddb keeps a document. */
export function storeName(doc: string): string {
  return storageName(`islet-doc-${doc}`);
}

/** Ids of the documents of which something is stored in this browser; none where a browser cannot list databases. */
export async function listStored(): Promise<string[]> {
  const databases = (await globalThis.indexedDB.databases?.()) ?? [];
  const prefix = storeName('');
  return databases.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/**
 * Opens a document's database with the two stores that y-indexeddb expects, creating them when it is new.
 * Unlike y-indexeddb it rejects when there is no storage, so that the failure can be told.
 */
export function openStore(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(UPDATES, { autoIncrement: true });
      request.result.createObjectStore(CUSTOM);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not open'));
    request.onblocked = () => reject(new Error('IndexedDB is blocked by another tab'));
    request.onsuccess = () => resolve(request.result);
  });
}

/** Reads all stored updates of a document without writing anything. */
export async function readStored(name: string): Promise<Uint8Array[]> {
  const db = await openStore(name);
  try {
    return await readRows(db.transaction(UPDATES, 'readonly').objectStore(UPDATES));
  } finally {
    db.close();
  }
}

/** Applies updates as one transaction that counts as loading, not as editing. */
export function applyStored(doc: Y.Doc, updates: Uint8Array[]): void {
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update, FROM_STORE)), FROM_STORE);
}

/**
 * What must be found in the store: the very rows written last, at least one and in their order, or, after rows were merged,
 * all that the document holds.
 */
export type Expected = { kind: 'rows'; rows: readonly Uint8Array[] } | { kind: 'all'; doc: Y.Doc };

/**
 * Proves that what was written is durable: one strict transaction reads it back, compares it and writes a small
 * marker, because a transaction that only reads has nothing to flush. It waits for every write queued before it.
 * Rejects when storage failed, is closed, or holds something else.
 */
export function confirmStored(db: IDBDatabase, expected: Expected, at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction([UPDATES, CUSTOM], 'readwrite', { durability: 'strict' });
    const updates = transaction.objectStore(UPDATES);
    let reason: Error | undefined;
    const check = (found: boolean): void => {
      if (found) {
        transaction.objectStore(CUSTOM).put(at, 'saved');
      } else {
        reason = new Error('the last words are not in IndexedDB');
        transaction.abort();
      }
    };
    if (expected.kind === 'rows') {
      checkLast(updates, expected.rows, check);
    } else {
      // Taken now: what is typed while the rows are read is in a later transaction.
      const wanted = Y.snapshot(expected.doc);
      const all = updates.getAll();
      all.onsuccess = () => check(holdsAll(all.result, wanted));
    }
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(reason ?? transaction.error ?? new Error('IndexedDB gave up a write'));
  });
}

/** Compares the rows at the end of the store with these, from the last one back. */
function checkLast(
  updates: IDBObjectStore,
  rows: readonly Uint8Array[],
  check: (found: boolean) => void,
): void {
  let left = rows.length;
  const request = updates.openCursor(null, 'prev');
  request.onsuccess = () => {
    const cursor = request.result;
    left -= 1;
    const row = rows[left];
    if (cursor === null || row === undefined || !sameBytes(cursor.value, row)) check(false);
    else if (left === 0) check(true);
    else cursor.continue();
  };
}

/** Resolves when every transaction queued so far on this document's rows has ended. */
export function settleStore(db: IDBDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(UPDATES, 'readwrite');
    transaction.objectStore(UPDATES).count();
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
  });
}

function readRows(store: IDBObjectStore): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const request = store.getAll();
    request.onsuccess = () => resolve(request.result.filter(isBytes));
    request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be read'));
  });
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function sameBytes(value: unknown, bytes: Uint8Array): boolean {
  return (
    isBytes(value) && value.length === bytes.length && value.every((byte, index) => byte === bytes[index])
  );
}

function holdsAll(rows: unknown[], wanted: Y.Snapshot): boolean {
  const stored = new Y.Doc();
  applyStored(stored, rows.filter(isBytes));
  const same = Y.equalSnapshots(Y.snapshot(stored), wanted);
  stored.destroy();
  return same;
}
