import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { spaceOfFileUrl } from './files/file-url.ts';
import { type Browser, finishRemovals, pageLock } from './remove-space.ts';
import { createSpace, listGone, listSpaces, markGone, type SpaceStorage, writeSpace } from './space-list.ts';
import { isSpaceId, spaceOfName, storageName } from './spaces.ts';
import { openDatabase } from './store/database.ts';

const bytes = (n: number) => crypto.getRandomValues(new Uint8Array(n));
let entries: Map<string, string>;
let browser: Browser;

function createStorage(): SpaceStorage {
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

function addSpace(): string {
  return createSpace(browser.storage, { current: '', random: bytes, now: 5 });
}

async function fill(space: string, words: string): Promise<void> {
  for (const base of ['islet', 'islet-keys', 'islet-doc-index']) {
    const db = await openDatabase(storageName(base, space));
    await db.arrivals.add({ name: words, bytes: new Blob([words]) });
    db.close();
  }
  entries.set(storageName('islet:last', space), words);
  entries.set(storageName('islet:unsaved:x:y', space), words);
}

const databases = async () => (await indexedDB.databases()).map(({ name = '' }) => name).sort();

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
  entries = new Map([['islet:theme', 'dark']]);
  browser = { storage: createStorage(), indexedDB, caches: undefined, locks: navigator.locks };
});

test('the first space keeps the names of earlier builds, another one is in front of its own', () => {
  expect(storageName('islet-doc-abc', '')).toBe('islet-doc-abc');
  expect(storageName('islet-doc-abc', 'k3fk3fk3')).toBe('k3fk3fk3~islet-doc-abc');
  expect(spaceOfName('k3fk3fk3~islet')).toBe('k3fk3fk3');
  expect(spaceOfName('islet')).toBe('');
  expect(['', 'k3fk3fk3', 'K3FK3FK3', '../islet', 'k3fk3fk3~'].map(isSpaceId)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('an earlier build that looks for names by how they begin finds nothing of another space', () => {
  for (const base of ['islet', 'islet:unsaved:', 'doc:', 'islet-outbox'])
    expect(storageName(`${base}x`, addSpace()).startsWith(base)).toBe(false);
});

test('one space is not written down; with a second both are, oldest first', () => {
  expect(listSpaces(browser.storage, '')).toEqual([{ id: '', name: '', unread: 0, added: 0 }]);
  expect([...entries.keys()]).toEqual(['islet:theme']);
  const id = addSpace();
  writeSpace(browser.storage, '', { idTag: 'me.localhost', unread: 2 });
  writeSpace(browser.storage, id, { name: 'Garden', hue: 145 });
  const [first, second] = listSpaces(browser.storage, '');
  expect(first).toMatchObject({ id: '', idTag: 'me.localhost', unread: 2 });
  expect(second).toMatchObject({ id, name: 'Garden', hue: 145, unread: 0 });
});

test('an entry that cannot be read is still a space', () => {
  const id = addSpace();
  entries.set(`islet:space:${id}`, '{"name": 7, oh');
  expect(listSpaces(browser.storage, '').map((space) => space.id)).toEqual(['', id]);
});

test('removing a space deletes all of it and nothing of another one or of what they share', async () => {
  const id = addSpace();
  await fill('', 'first');
  await fill(id, 'second');
  markGone(browser.storage, id);
  expect(listSpaces(browser.storage, '').map((space) => space.id)).toEqual(['']);
  expect(await finishRemovals(browser)).toBe(1);
  expect(await databases()).toEqual(['islet', 'islet-doc-index', 'islet-keys']);
  expect([...entries].filter(([key, text]) => key.includes(id) || text === 'second')).toEqual([]);
  expect(entries.get('islet:last')).toBe('first');
  expect(entries.get('islet:theme')).toBe('dark');
});

test('the first space can be removed like the others', async () => {
  const id = addSpace();
  await fill('', 'first');
  await fill(id, 'second');
  markGone(browser.storage, '');
  await finishRemovals(browser);
  const own = ['islet', 'islet-doc-index', 'islet-keys'].map((base) => storageName(base, id)).sort();
  expect(await databases()).toEqual(own);
  expect([...entries.values()]).not.toContain('first');
  expect(entries.get(storageName('islet:last', id))).toBe('second');
  expect(entries.get('islet:theme')).toBe('dark');
  expect(listSpaces(browser.storage, id).map((space) => space.id)).toEqual([id]);
});

test('nothing is deleted while a page lives in the space, and what was begun is ended at the next start', async () => {
  const id = addSpace();
  await fill(id, 'second');
  markGone(browser.storage, id);
  let leave = (): void => undefined;
  const page = new Promise<void>((resolve) => (leave = resolve));
  const living = navigator.locks.request(pageLock(id), { mode: 'shared' }, () => page);
  const removal = finishRemovals(browser);
  expect(listGone(browser.storage)).toEqual([id]);
  expect(await databases()).toHaveLength(3);
  leave();
  await living;
  await removal;
  expect(await databases()).toEqual([]);
  expect(listGone(browser.storage)).toEqual([]);
  expect(await finishRemovals(browser)).toBe(0);
});

test('the address of a file names its space; one that could be anything else is refused', () => {
  const of = (query: string) => spaceOfFileUrl(new URL(`http://localhost/_islet/file/x/vis.orig${query}`));
  expect(of('')).toBe('');
  expect(of('?download')).toBe('');
  expect(of('?download&space=k3fk3fk3')).toBe('k3fk3fk3');
  expect(of('?space=../islet')).toBeUndefined();
});
