import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';

it('a database of the version before opens: what waits goes on waiting, and all actions are read once more', async () => {
  const old = new Dexie('before-neighbours');
  old.version(2).stores({
    documents: 'id, edited, trashed, parent, type, [type+trashed]',
    sync: 'doc, dirty',
    pending: '++id, doc',
    blobs: 'id, uploaded',
    folderKeys: 'kid',
    uploads: 'id, at',
    downloads: 'id',
    releases: 'file',
    arrivals: '++order',
    cursors: 'space',
    actions: 'id, actionId, about, iat',
    outbox: '++order, &id',
    people: 'idTag',
  });
  await old.open();
  const base = { iss: 'me.test', text: 'x', iat: 7, files: [], deliveries: [] };
  await old.table('actions').bulkAdd([
    { ...base, id: 'post', t: 'POST:IMG', state: 'waiting' },
    { ...base, id: 'comment', t: 'CMNT', about: 'post', state: 'waiting' },
    { ...base, id: 'like', t: 'REACT:LIKE', about: 'a1~x', state: 'accepted' },
  ]);
  await old
    .table('outbox')
    .add({ id: 'comment', statement: { t: 'CMNT' }, local: { p: 'post' }, uploads: [] });
  await old.table('people').add({ idTag: 'bob.test', name: 'Bob', following: 1, follower: 0 });
  await old.table('cursors').bulkAdd([
    { space: 'actions', seq: 9 },
    { space: 'me.test', seq: 4 },
  ]);
  old.close();

  const db = await openDatabase('before-neighbours');
  expect(await db.actions.where('p').equals('post').first()).toMatchObject({
    ...{ id: 'comment', type: 'CMNT', state: 'waiting', receivedAt: 7000 },
  });
  expect(await db.actions.where('sub').equals('a1~x').first()).toMatchObject({ id: 'like', type: 'REACT' });
  expect(await db.actions.where('type').equals('POST').count()).toBe(1);
  expect(await db.outbox.count()).toBe(1);
  expect(await db.people.get('bob.test')).toMatchObject({ following: 1, connected: 'none', blocked: 0 });
  expect((await db.cursors.toArray()).map(({ space }) => space)).toEqual(['me.test']);
  db.close();
});
