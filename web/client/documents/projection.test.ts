import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Database, openDatabase } from '../store/database.ts';
import { openDocuments } from './documents.ts';
import { entriesOf } from './index-entries.ts';
import { type Projection, followTree } from './projection.ts';
import { openStore, storeName } from './stored-updates.ts';
import { createTestDevice } from './tree-fixture.ts';

const [note, stale] = ['A'.repeat(24), 'B'.repeat(24)] as const;
const opened: { close(): unknown }[] = [];

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
});
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function database(name = 'projection'): Promise<Database> {
  const db = await openDatabase(name);
  opened.push(db);
  return db;
}

function follow(db: Database, device = createTestDevice()) {
  const failures: unknown[] = [];
  const projection: Projection = followTree(db, device.live, (error) => failures.push(error));
  opened.push(projection);
  return { ...device, projection, failures };
}

/** What the first version of this app left in a browser; the database is still open in a tab of it. */
async function writeVersion1(name: string): Promise<Dexie> {
  const db = new Dexie(name);
  db.version(1).stores({
    documents: 'id, edited, trashed',
    sync: 'doc, dirty',
    pending: '++id, doc',
    cursors: 'space',
    blobs: 'id, uploaded',
    actions: 'id, actionId, about, iat',
    outbox: '++order, &id',
    people: 'idTag',
  });
  const row = { excerpt: '', type: 'text', created: 1, edited: 2, trashed: 0 };
  await db.table('documents').bulkPut([
    { ...row, id: note, title: 'Old note' },
    { ...row, id: stale, title: 'Only here' },
  ]);
  await db
    .table('blobs')
    .put({ id: 'b1~x', bytes: new Blob(['x']), type: 'image/png', size: 1, uploaded: 1 });
  await db.table('sync').put({ doc: note, dirty: 1 });
  const index = new Y.Doc();
  const fields = { title: 'Old note', excerpt: '', type: 'text', schema: 1, created: 1, edited: 2 };
  entriesOf(index).set(note, new Y.Map(Object.entries(fields)));
  const store = await openStore(storeName('index'));
  await new Promise((resolve, reject) => {
    const change = store.transaction('updates', 'readwrite');
    change.objectStore('updates').add(Y.encodeStateAsUpdate(index));
    change.oncomplete = resolve;
    change.onerror = () => reject(new Error('the old index was not written'));
  });
  store.close();
  opened.push(db);
  return db;
}

test('what the first version left in a browser opens, at once and as part of the tree', async () => {
  await writeVersion1('islet-old');
  const db = await database('islet-old');
  expect(await db.documents.where({ type: 'text', trashed: 0 }).primaryKeys()).toEqual([note, stale]);
  expect(await db.documents.get(note)).toMatchObject({ title: 'Old note', parent: '', kept: [] });
  expect(await db.blobs.count()).toBe(1);
  expect(await db.sync.get(note)).toMatchObject({ dirty: 1 });
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const documents = await openDocuments({ db, now: () => 5, random, net: undefined });
  opened.push(documents);
  await documents.whenProjected();
  expect(await db.documents.toArray()).toEqual([documents.tree.rows().get(note)]);
  expect(documents.entries().map(({ title }) => title)).toEqual(['Old note']);
});

test('a tab of the first version does not hold up the next one, and goes on', async () => {
  const old = await writeVersion1('islet-old');
  const db = await database('islet-old');
  await old.table('sync').put({ doc: stale, dirty: 1 });
  expect(await db.sync.get(stale)).toMatchObject({ dirty: 1 });
});

test('the table follows: entered, moved, put in the trash with its folder, gone', async () => {
  const db = await database();
  const { tree, projection, live } = follow(db);
  const { id: folder } = tree.createFolder('folder', '');
  const { ids } = tree.enterFiles([{ title: 'x.png', parent: '', fields: { mime: 'image/png', size: 4 } }]);
  await projection.settled();
  expect(await db.documents.where('parent').equals('').count()).toBe(2);
  tree.move(ids, folder);
  tree.trash([folder]);
  await projection.settled();
  expect(await db.documents.get(ids[0]!)).toMatchObject({ parent: folder, trashed: 1, mime: 'image/png' });
  expect(await db.documents.get(ids[0]!)).toEqual(live.rows().get(ids[0]!));
  tree.purge([folder]);
  await projection.settled();
  expect(await db.documents.count()).toBe(0);
});

test('only what changed is written, also after a start', async () => {
  const db = await database();
  const first = follow(db);
  first.tree.enterFiles(['a', 'b', 'c'].map((title) => ({ title, parent: '', fields: {} })));
  await first.projection.settled();
  await first.projection.close();
  const written: string[] = [];
  db.documents.hook('updating', (_changes, key) => void written.push(key));
  db.documents.hook('creating', (key) => void written.push(key));
  const again = follow(db, first);
  await again.projection.settled();
  expect(written).toEqual([]);
  const [one] = [...again.live.rows().keys()];
  again.tree.rename(one!, 'changed');
  await again.projection.settled();
  expect(written).toEqual([one]);
});

test('a write that fails is told, and made up for with the next change', async () => {
  const db = await database();
  const { tree, projection, failures } = follow(db);
  await projection.settled();
  const refuse = () => {
    throw new Error('no space');
  };
  db.documents.hook('creating', refuse);
  const { id } = tree.createFolder('first', '');
  await expect(projection.settled()).rejects.toThrow('no space');
  expect(failures).toHaveLength(1);
  db.documents.hook('creating').unsubscribe(refuse);
  tree.createFolder('second', '');
  await projection.settled();
  expect(await db.documents.count()).toBe(2);
  expect((await db.documents.get(id))?.title).toBe('first');
});
