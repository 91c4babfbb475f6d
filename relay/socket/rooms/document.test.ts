import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice } from '../../../shared/test/log.ts';
import { openStore, type Store } from '../../store/database.ts';
import { insertIdentity } from '../../store/identities.ts';
import { migrations } from '../../store/migrations/list.ts';
import { findRoomState, saveRoomState } from '../../store/room-rows.ts';
import { createSyncLog, type SyncLog } from '../log.ts';
import { createRoomDocument } from './document.ts';
import { createParser, type Parser } from './parser.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
const other = 'ABCDEFGHIJKLMNOPQRSTUVWX';
const now = () => 1_795_262_400_000;

let folder: string;
let store: Store;
let parser: Parser;
let key: TestKey;
let log: SyncLog<undefined>;
let next: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-room-'));
  store = await openStore(folder, now);
  parser = createParser();
  key = await createTestKey();
  await addIdentity();
  log = createSyncLog({ db: store.db, idTag: alice, logId: 'log', now, stored: () => undefined });
  await log.open();
  next = 0;
});
afterEach(async () => {
  await parser.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function addIdentity(): Promise<void> {
  const identity = { id_tag: alice, name: 'alice', log_id: 'log', profile_pic: null, cover_pic: null };
  const keys = {
    id_tag: alice,
    key_id: '1',
    public_key: '',
    sealed: new Uint8Array(),
    created_at: 0,
    expires: null,
    used_from: 0,
    revoked_at: null,
  };
  await insertIdentity(store.db, { ...identity, created_at: 0 }, keys);
}

/** Each character is a row of its own, and each row a batch. */
async function write(words: string, of = doc, ydoc = new Y.Doc()): Promise<Y.Doc> {
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  for (const word of words) ydoc.getText('text').insert(ydoc.getText('text').length, word);
  for (const update of updates) await append(of, update);
  return ydoc;
}

async function append(of: string, update: Uint8Array): Promise<void> {
  const session = 'A'.repeat(22);
  const rows = [{ doc: of, update }];
  const batch = { device: key.did, session, first: next++, time: now(), rows };
  await log.append(await signBatch(alice, batch, key.sign), undefined);
}

const open = () =>
  createRoomDocument({ db: store.db, idTag: alice, doc, parser, settled: () => Promise.resolve() });

async function textOf(document: ReturnType<typeof open>): Promise<string> {
  const ydoc = new Y.Doc();
  Y.applyUpdate(ydoc, await document.difference(new Uint8Array([0])));
  return ydoc.getText('text').toString();
}

describe('a document as its room has it', () => {
  test('Z3: is made of its rows in the log and of no others; rows that are no update are passed over', async () => {
    const ydoc = await write('Hel');
    await write('something else', other);
    await append(doc, new Uint8Array([1, 2, 3]));
    await write('lo', doc, ydoc);
    const document = open();
    expect(await textOf(document)).toBe('Hello');
    expect(await document.vector()).toEqual(new Uint8Array(Y.encodeStateVector(ydoc)));
  });

  test('Z3: what was read is kept when that spares reading, and is no more than a cache', async () => {
    const ydoc = await write('x'.repeat(80));
    const first = open();
    expect(await textOf(first)).toHaveLength(80);
    await first.close(true);
    const kept = await findRoomState(store.db, alice, doc);
    expect(kept?.seq).toBe(80);
    await write('end', doc, ydoc);
    expect(await textOf(open())).toBe(`${'x'.repeat(80)}end`);
    await saveRoomState(store.db, { ...kept!, state: new Uint8Array([9, 9, 9]), seq: 0 });
    expect(await textOf(open())).toBe(`${'x'.repeat(80)}end`);
  });

  test('Z3: who asks for it is told what is stored before a thread is begun', async () => {
    const ydoc = new Y.Doc();
    ydoc.getText('text').insert(0, 'kept');
    await saveRoomState(store.db, { id_tag: alice, doc, seq: 0, state: Y.encodeStateAsUpdate(ydoc) });
    const document = open();
    const vector = document.vector();
    await immediate();
    expect(await textOf(document)).toBe('kept');
    expect(parser.thread).toBeUndefined();
    expect(await vector).toEqual(new Uint8Array(Y.encodeStateVector(ydoc)));
  });

  test('Z3: nothing is kept of a room that could not store an edit', async () => {
    await write('x'.repeat(80));
    const document = open();
    const unstored = new Y.Doc();
    unstored.getText('text').insert(0, 'never stored');
    await document.apply(Y.encodeStateAsUpdate(unstored));
    await document.close(false);
    expect(await findRoomState(store.db, alice, doc)).toBeUndefined();
    expect(await textOf(open())).toBe('x'.repeat(80));
  });

  test('Z10: is read again when the thread has it no more', async () => {
    await write('Hello');
    const document = open();
    expect(await textOf(document)).toBe('Hello');
    await parser.run({ kind: 'close', room: `${alice} ${doc}` });
    expect(await textOf(document)).toBe('Hello');
  });

  test('Z4: does not grow beyond 16 MiB, and takes no row of more than 3 MiB', async () => {
    const document = open();
    await document.vector();
    const large = (bytes: number) => {
      const ydoc = new Y.Doc();
      ydoc.getText('text').insert(0, 'x'.repeat(bytes));
      return Y.encodeStateAsUpdate(ydoc);
    };
    await expect(document.apply(large(3_200_000))).rejects.toMatchObject({ code: 'E-CORE-TOOLARGE' });
    const fill = async () => {
      for (let i = 0; i < 6; i++) await document.apply(large(3_000_000));
    };
    await expect(fill()).rejects.toMatchObject({ code: 'E-CORE-TOOLARGE' });
    expect(document.size()).toBeGreaterThan(14_000_000);
  });

  test('a log of an earlier version is indexed when it is opened', async () => {
    await write('Hello');
    await write('other', other);
    await sql`drop table room_rows`.execute(store.db);
    await sql`drop table room_states`.execute(store.db);
    await migrations['0006-rooms']!.up(store.db);
    expect(await textOf(open())).toBe('Hello');
    const rows = await store.db.selectFrom('room_rows').selectAll().where('doc', '=', doc).execute();
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});
