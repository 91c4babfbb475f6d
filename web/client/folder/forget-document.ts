import { storeName } from '../documents/stored-updates.ts';
import { storageName } from '../spaces.ts';
import type { Database } from '../store/database.ts';

/** Whether a page of this browser has the document open: what it has is not taken from under it. */
export async function isOpen(id: string): Promise<boolean> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].some(({ name }) => name === storageName(`doc:${id}`));
}

/**
 * Deletes all that this browser keeps of a document that nobody has open. Rejects when the browser does not delete it; asked again it
 * goes on.
 */
export async function forgetDocument(db: Database, id: string): Promise<void> {
  const { sync, pending, texts, seen, rows, moments, uploads, downloads, held } = db;
  await db.transaction(
    'rw',
    [sync, pending, texts, seen, rows, moments, uploads, downloads, held],
    async () => {
      for (const table of [pending, rows, moments]) await table.where('doc').equals(id).delete();
      for (const table of [sync, texts, seen, uploads, downloads]) await table.delete(id);
      await held.filter(({ doc }) => doc === id).delete();
    },
  );
  await deleteStore(storeName(id));
}

function deleteStore(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not delete a document'));
    request.onblocked = () => reject(new Error('IndexedDB is in use by another page'));
  });
}
