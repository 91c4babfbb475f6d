import { CUSTOM, storeName } from './stored-updates.ts';

const KEY = 'preview';

/**
 * What was kept to be shown while a document loads; undefined without one. It lies beside the rows of the document, and
 * goes where they go. Rejects when there is no such document here.
 */
export async function readPreview(doc: string): Promise<unknown> {
  return inStore(doc, 'readonly', (store) => store.get(KEY));
}

/** Keeps it; undefined takes it away. Rejects when the document is gone, or storage failed. */
export async function writePreview(doc: string, preview: unknown): Promise<void> {
  await inStore(doc, 'readwrite', (store) =>
    preview === undefined ? store.delete(KEY) : store.put(preview, KEY),
  );
}

async function inStore(
  doc: string,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const db = await openExisting(storeName(doc));
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const transaction = db.transaction(CUSTOM, mode);
      const request = act(transaction.objectStore(CUSTOM));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
    });
  } finally {
    db.close();
  }
}

/** Never makes one: a document that was deleted meanwhile must not come back. */
function openExisting(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not open'));
    request.onsuccess = () => resolve(request.result);
  });
}
