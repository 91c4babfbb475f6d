import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';

/** The tables as the fourth version declared them, kept as they were. */
const fourth = {
  documents: 'id, edited, trashed, parent, type, [type+trashed]',
  sync: 'doc, dirty',
  pending: '++id, doc',
  cursors: 'space',
  blobs: 'id, uploaded',
  actions: 'id, actionId, p, sub, type, iat, unchecked',
  outbox: '++order, &id',
  people: 'idTag',
  folderKeys: 'kid',
  uploads: 'id, at',
  downloads: 'id',
  releases: 'file',
  arrivals: '++order',
  standings: 'idTag',
  rooms: 'doc, unsent',
  owed: '[doc+blob], doc',
  alarms: 'id, at',
};

/** One row of each kind that a profile of that version held. */
const rows = {
  documents: {
    ...{ id: 'a'.repeat(24), title: 'Tides', excerpt: 'in and out', type: 'text', created: 1, edited: 2 },
    ...{ trashed: 0, parent: '', kept: [] },
  },
  sync: { doc: 'a'.repeat(24), dirty: 1, acked: new Uint8Array([0, 0]) },
  pending: { doc: 'index', update: new Uint8Array([0, 0]) },
  cursors: { space: 'me.test', log: 'log', seq: 4, chain: 'c' },
  actions: { id: 'post', type: 'POST', t: 'POST', iss: 'me.test', text: 'x', iat: 7, state: 'waiting' },
  outbox: { id: 'post', statement: { t: 'POST' }, local: {}, uploads: [] },
  people: { idTag: 'bob.test', name: 'Bob', following: 1, follower: 0 },
};

test('a profile of the version before opens: nothing of it is changed, and the old tab gave way', async () => {
  const old = new Dexie('before-documents');
  old.version(4).stores(fourth);
  await old.open();
  for (const [table, row] of Object.entries(rows)) await old.table(table).add(row);
  let asked = 0;
  old.on('versionchange', () => {
    asked += 1;
    old.close();
  });

  const db = await openDatabase('before-documents');
  expect(asked).toBe(1);
  for (const [table, row] of Object.entries(rows))
    expect((await db.table(table).toArray())[0], table).toMatchObject(row);
  expect(await db.sync.where('dirty').equals(1).primaryKeys()).toEqual(['a'.repeat(24)]);
  expect(await db.copies.count()).toBe(0);
  expect(await db.held.count()).toBe(0);
  db.close();
});
