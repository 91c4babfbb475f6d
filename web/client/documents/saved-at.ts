import { openStore, storeName } from './stored-updates.ts';

/**
 * When a document was last written to this device's storage and read back, milliseconds since 1970; undefined when it never was.
 * @throws DOMException when storage cannot be read
 */
export async function readSavedAt(id: string): Promise<number | undefined> {
  const db = await openStore(storeName(id));
  try {
    return await new Promise((resolve, reject) => {
      const request: IDBRequest<unknown> = db.transaction('custom').objectStore('custom').get('saved');
      request.onsuccess = () => resolve(typeof request.result === 'number' ? request.result : undefined);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be read'));
    });
  } finally {
    db.close();
  }
}
