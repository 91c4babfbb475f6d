import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { randomBytes, type, words } from '../documents/browser-fixture.ts';
import { type Documents, openDocuments } from '../documents/documents.ts';
import { storeName } from '../documents/stored-updates.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { wasEvicted } from '../store/eviction.ts';
import { createLedger } from './ledger.ts';
import { createRelayLog, readAll } from './relay-log-fixture.ts';
import { counted } from '../../../shared/test/counted.ts';

interface Life {
  db: Database;
  tab: Documents;
}

/** Each state has a browser of its own. */
let dexie = '';
let count = 0;

async function start(): Promise<Life> {
  const db = await openDatabase(dexie);
  const tab = await openDocuments({ db, now: () => Date.now(), random: randomBytes, net: undefined });
  return { db, tab };
}

async function end({ db, tab }: Life): Promise<void> {
  await tab.close();
  db.close();
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });
}

async function write({ tab }: Life, id: string, text: string): Promise<Uint8Array> {
  const document = await tab.open(id);
  type(document.doc, text);
  await document.whenSaved();
  const all = Y.encodeStateAsUpdate(document.doc);
  await document.close();
  return all;
}

/** Three documents that the relay has, and an edit of the last that it may not have. */
async function live(unsent: boolean) {
  const relay = await createRelayLog();
  const life = await start();
  const ids = [life.tab.newId(), life.tab.newId(), life.tab.newId()];
  for (const id of ids) {
    const update = await write(life, id, `words of ${id}`);
    await relay.append([{ doc: id, update }]);
  }
  await relay.append([{ doc: 'index', update: Y.encodeStateAsUpdate(life.tab.index.doc) }]);
  await life.tab.index.whenSaved();
  const arriving = await readAll(relay, life.db, life.tab);
  expect(arriving.cursor.seq).toBe(4);
  await createLedger(life.db).clear([...ids, 'index'], 1);
  if (unsent) await write(life, ids[2]!, 'not sent');
  await end(life);
  return { relay, ids };
}

/** What a browser may throw away: the lists, the index, and so many of three documents; with and without an edit that waits. */
const states = [false, true]
  .flatMap((lists) =>
    [false, true].flatMap((index) =>
      [0, 1, 3].flatMap((documents) => [false, true].map((unsent) => ({ lists, index, documents, unsent }))),
    ),
  )
  .filter(({ lists, index, documents }) => lists || index || documents > 0);

test('these are 20 states and more', () => {
  expect(new Set(states.map((state) => JSON.stringify(state))).size).toBeGreaterThanOrEqual(20);
});

test.each(states)(
  'S11, S17: lists lost: $lists, index lost: $index, documents lost: $documents, an edit unsent: $unsent; what the relay had is back, and only what was shown unsent is gone',
  async ({ lists, index, documents, unsent }) => {
    dexie = `islet-evicted-${count++}`;
    globalThis.indexedDB = new IDBFactory();
    Dexie.dependencies.indexedDB = globalThis.indexedDB;
    const { relay, ids } = await live(unsent);
    // The last ones first: the unsent edit is in the first that goes.
    const gone = [...ids].reverse().slice(0, documents).map(storeName);
    for (const name of [...gone, ...(lists ? [dexie] : []), ...(index ? [storeName('index')] : [])])
      await deleteDatabase(name);

    const life = await start();
    try {
      const before = { entries: 3, claimed: true, unsent: [], at: 1 };
      expect(wasEvicted(before, life.tab.tree.rows().size)).toBe(index);
      await readAll(relay, life.db, life.tab);
      expect(
        life.tab
          .entries()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([...ids].sort());
      const dirty = await createLedger(life.db).dirtyDocuments();
      for (const [i, id] of ids.entries()) {
        const text = words((await life.tab.snapshot(id)).doc);
        const edit = unsent && i === 2 && documents === 0;
        expect(text).toBe(`words of ${id}${edit ? '\nnot sent' : ''}`);
        if (edit) expect(dirty).toContain(id);
      }
      counted('states of storage', 1);
    } finally {
      await end(life); // one that failed keeps no locks from the next
    }
  },
  30_000,
);
