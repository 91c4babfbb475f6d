import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { openSearch, type Search, type SearchState, type SearchWorker } from './search.ts';
import { serveSearch } from './serve-search.ts';

let close: (() => void) | undefined;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
});
afterEach(() => {
  vi.restoreAllMocks();
  close?.();
});

/** Both sides as they are, with a message port of the platform between them instead of a worker. */
function connect(database: string): { search: Search; states: SearchState[] } {
  const { port1, port2 } = new MessageChannel();
  const hear = serveSearch(new Map(), (message) => port2.postMessage(message));
  port2.onmessage = ({ data }) => hear(data);
  const worker: SearchWorker = {
    postMessage: (message: unknown) => port1.postMessage(message),
    terminate: () => port1.close(),
    onmessage: null,
    onerror: null,
  };
  port1.onmessage = (event) => Reflect.apply(worker.onmessage ?? (() => undefined), worker, [event]);
  const states: SearchState[] = [];
  const search = openSearch(worker, { database, prefix: 'none-' }, (state) => states.push(state));
  close = () => search.close();
  return { search, states };
}

test('of many questions the first and the last are answered, so that the answer is never behind', async () => {
  const db = await openDatabase('islet-link');
  const row = {
    excerpt: '',
    type: 'folder',
    created: 1,
    edited: 1,
    trashed: 0,
    parent: '',
    kept: [],
  } as const;
  await db.documents.put({ ...row, kept: [], id: 'a'.repeat(24), title: 'Harbour' });
  const { search } = connect('islet-link');
  const ask = (words: string) => search.find({ words, among: 'all', limit: 5 });
  await expect.poll(() => ask('harb')).toHaveLength(1);
  const [first, second, third] = await Promise.all([ask('h'), ask('ha'), ask('har')]);
  expect(first).toHaveLength(1);
  expect(second).toBeUndefined();
  expect(third?.map(({ kind, title }) => [kind, title])).toEqual([['folder', 'Harbour']]);
  db.close();
});

test('a browser without storage is said in words, at once and at every question', async () => {
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('storage is switched off', 'SecurityError');
  });
  const { search, states } = connect('islet-none');
  await expect(search.find({ words: 'x', among: 'all', limit: 5 })).rejects.toThrow(
    'storage is switched off',
  );
  await expect.poll(() => states.at(-1)?.failure).toContain('storage is switched off');
});
