import type { Page } from '@playwright/test';

/** Everything that this origin has stored, as text by the name of its place: databases, caches, and both storages of the page. */
export function readStores(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const found: Record<string, string> = {};
    const latin = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    async function show(value: unknown): Promise<string> {
      if (value instanceof Blob) return latin(new Uint8Array(await value.arrayBuffer()));
      if (value instanceof ArrayBuffer) return latin(new Uint8Array(value));
      if (ArrayBuffer.isView(value))
        return latin(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      if (typeof value !== 'object' || value === null) return String(value);
      const parts = await Promise.all(
        Object.entries(value).map(async ([key, part]) => `${key} ${await show(part)}`),
      );
      return parts.join(' ');
    }
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('not read'));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await settled(indexedDB.open(name));
      const rows: unknown[] = [];
      for (const store of db.objectStoreNames)
        rows.push(...(await settled(db.transaction(store).objectStore(store).getAll())));
      db.close();
      found[name] = await show(rows);
    }
    for (const name of await caches.keys()) {
      // The app itself is the same for everybody.
      if (name.startsWith('workbox-') || name.startsWith('islet-kept-')) continue;
      const cache = await caches.open(name);
      const answers = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
      const bodies: string[] = [];
      for (const answer of answers) bodies.push((await answer?.text()) ?? '');
      found[name] = bodies.join(' ');
    }
    for (const storage of [localStorage, sessionStorage])
      for (const [key, text] of Object.entries(storage)) found[key] = `${found[key] ?? ''}${String(text)}`;
    return found;
  });
}

/** The names of the places in which words are found. */
export function placesOf(stores: Record<string, string>, words: string): string[] {
  return Object.keys(stores).filter((name) => stores[name]?.includes(words));
}
