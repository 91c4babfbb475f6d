import { forgetGone, listGone, markGone, type SpaceStorage } from './space-list.ts';
import { spaceOfName, type SpaceId, storageName } from './spaces.ts';
import type { Database } from './store/database.ts';

/** What every space shares: how the app looks, and the list of spaces itself. */
const shared = /^islet:(theme|language|sidebar|files-(view|sort|details)|offline-told|space(:.*)?|gone:.*)$/;

/** The Web Lock that every page of a space shares while it lives. */
export function pageLock(space: SpaceId): string {
  return storageName('islet-page', space);
}

/** Holds the space for as long as this page lives. */
export function holdSpace(space: SpaceId, locks: Pick<LockManager, 'request'>): void {
  const untilTheEnd = new Promise<never>(() => undefined);
  locks.request(pageLock(space), { mode: 'shared' }, () => untilTheEnd).catch(() => undefined); // the page is going
}

/** Statements, files and pictures that no relay has acknowledged; of documents sync itself knows. */
export async function countUnsent(db: Database): Promise<number> {
  const counts = await Promise.all([
    db.outbox.count(),
    db.uploads.count(),
    db.blobs.where('uploaded').equals(0).count(),
    db.owed.count(),
    db.rooms.where('unsent').equals(1).count(),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

export interface Browser {
  storage: SpaceStorage;
  indexedDB: Pick<IDBFactory, 'databases' | 'deleteDatabase'>;
  caches: Pick<CacheStorage, 'keys' | 'delete'> | undefined;
  locks: Pick<LockManager, 'request'>;
}

/**
 * Deletes everything that spaces which were removed have stored, each as soon as no page lives in it. What was begun
 * and not ended is ended at the next start.
 * @returns how many spaces are gone
 */
export async function finishRemovals(browser: Browser): Promise<number> {
  const gone = listGone(browser.storage);
  const remove = (space: SpaceId): Promise<void> =>
    browser.locks.request(pageLock(space), async () => {
      // A page that ended while it marked the space may have left it in the list.
      markGone(browser.storage, space);
      await deleteSpace(space, browser);
      forgetGone(browser.storage, space);
    });
  await Promise.all(gone.map(remove));
  return gone.length;
}

async function deleteSpace(space: SpaceId, { indexedDB, caches, storage }: Browser): Promise<void> {
  const isOfSpace = (name: string): boolean =>
    space === '' ? /^islet(-|$)/.test(name) : spaceOfName(name) === space;
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  await Promise.all(names.filter(isOfSpace).map((name) => deleteDatabase(name, indexedDB)));
  const kept = (await caches?.keys()) ?? [];
  const own = kept.filter((name) => space !== '' && spaceOfName(name) === space);
  for (const name of own) await caches?.delete(name);
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  for (const key of keys) {
    const isOwn = space === '' ? key.startsWith('islet:') && !shared.test(key) : spaceOfName(key) === space;
    if (isOwn) storage.removeItem(key);
  }
}

/** Waits as long as somebody has it open. */
function deleteDatabase(name: string, indexedDB: Browser['indexedDB']): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error(`The database ${name} could not be deleted.`));
  });
}
