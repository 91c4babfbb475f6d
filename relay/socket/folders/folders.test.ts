import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Batch, signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice } from '../../../shared/test/log.ts';
import { openStore, type Store } from '../../store/database.ts';
import { insertIdentity } from '../../store/identities.ts';
import { createSyncLog, type SyncLog } from '../log.ts';
import { createParser, type Parser } from '../rooms/parser.ts';
import { createFolders, type Folders } from './folders.ts';

const numbered = (i: number) => String(i).padStart(24, 'x');
const folderIds = [...Array(10).keys()].map((i) => `folder${i}`.padEnd(24, '0'));
const [folder] = folderIds as [string];

let place: string;
let store: Store;
let parser: Parser;
let key: TestKey;
let log: SyncLog<undefined>;
let folders: Folders;
let next = 0;
let clock = 1_795_262_400_000;
const jobs: string[] = [];
const changed: string[] = [];
const random = (n: number) => new Uint8Array(randomBytes(n));
const now = () => clock;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'islet-folders-'));
  store = await openStore(place, now);
  parser = createParser({ deadline: 60_000 });
  key = await createTestKey();
  const identity = { id_tag: alice, name: 'alice', log_id: 'log', profile_pic: null, cover_pic: null };
  const keys = { id_tag: alice, key_id: '1', public_key: '', sealed: new Uint8Array(), created_at: 0 };
  const times = { expires: null, used_from: 0, revoked_at: null };
  await insertIdentity(store.db, { ...identity, created_at: 0 }, { ...keys, ...times });
  next = 0;
  jobs.length = 0;
  changed.length = 0;
  open(parser);
  await log.open();
});
afterEach(async () => {
  await folders.close();
  await parser.close();
  await store.close();
  await rm(place, { recursive: true, force: true });
});

/** The log, and what is read of it; each job is noted on its way to the thread. */
function open(thread: Parser): void {
  const noted: Parser = {
    ...thread,
    run(job) {
      jobs.push(job.kind === 'load' && !job.begins ? 'more' : job.kind);
      return thread.run(job);
    },
  };
  log = createSyncLog({
    ...{ db: store.db, idTag: alice, logId: 'log', now },
    stored: (batches) => folders.stored(batches.map(({ stored }) => stored)),
  });
  folders = createFolders({
    ...{ db: store.db, idTag: alice, parser: noted, sign: key.sign, random, now },
    add: async (batches: readonly Batch[]) => {
      for (const batch of batches) await log.append(batch, undefined);
    },
    changed: (of) => changed.push(of),
  });
}

async function append(update: Uint8Array): Promise<void> {
  const session = 'A'.repeat(22);
  const rows = [{ doc: 'index', update }];
  const batch = { device: key.did, session, first: next++, time: now(), rows };
  await log.append(await signBatch(alice, batch, key.sign), undefined);
}

/** An index whose changes are rows of the log. */
function createIndex() {
  const ydoc = new Y.Doc();
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  return async (entries: Record<string, Record<string, string | number>>): Promise<void> => {
    ydoc.transact(() => {
      for (const [id, fields] of Object.entries(entries))
        ydoc.getMap('documents').set(id, new Y.Map(Object.entries(fields)));
    });
    for (const update of updates.splice(0)) await append(update);
  };
}

describe('C14: folders of a large index', () => {
  test('C14: thousands of documents are read once for ten devices, and then row by row', async () => {
    const enter = createIndex();
    const many = [...Array(4000).keys()].map((i) => [
      numbered(i),
      { type: 'text', title: 'one', parent: folderIds[i % 20] ?? '' },
    ]);
    await enter(Object.fromEntries([...folderIds.map((id) => [id, { type: 'folder' }]), ...many]));
    const letGo = folderIds.map((id) => folders.hold(id));
    for (const id of folderIds) expect(await folders.members(id)).toHaveProperty('size', 200);
    expect(jobs.filter((kind) => kind === 'load')).toHaveLength(1);
    jobs.length = 0;
    for (let i = 0; i < 5; i++)
      await enter({ [numbered(0)]: { type: 'text', title: `${i}`, parent: folder } });
    for (const id of folderIds) await folders.members(id);
    expect(changed).toEqual([folder]);
    expect(new Set(jobs)).toEqual(new Set(['entries']));
    expect(jobs.length).toBeLessThan(4);
    await enter({ [numbered(0)]: { type: 'text', parent: folderIds[1]! } });
    expect((await folders.members(folder)).has(numbered(0))).toBe(false);
    expect(folders.has(folderIds[1]!, numbered(0))).toBe(true);
    expect(changed).toEqual([folder, folder, folderIds[1]]);
    letGo.forEach((end) => end());
  });

  test('C14: rows that are no update, or would count beyond what can be read, change nothing', async () => {
    const enter = createIndex();
    await enter({ [folder]: { type: 'folder' }, [numbered(1)]: { type: 'text', parent: folder } });
    const hostile = new Y.Doc();
    hostile.getMap('documents').set(folder, 'no folder');
    const far = Y.encodeStateAsUpdate(hostile);
    await append(new Uint8Array([1, 2, 3]));
    await append(far.slice(0, -3));
    expect(await folders.members(folder)).toEqual(new Set([numbered(1)]));
    await append(new Uint8Array([9, 9]));
    await enter({ [numbered(2)]: { type: 'text', parent: folder } });
    expect(await folders.members(folder)).toEqual(new Set([numbered(1), numbered(2)]));
  });

  test('C14: an index that cannot be read in time tells nothing, and is tried again after a while', async () => {
    const enter = createIndex();
    const many = [...Array(3000).keys()].map((i) => [numbered(i), { type: 'text', parent: folder }]);
    await enter({ [folder]: { type: 'folder' }, ...Object.fromEntries(many) });
    const hasty = createParser({ deadline: 1 });
    open(hasty);
    await log.open();
    await expect(folders.members(folder)).rejects.toMatchObject({ code: 'E-SYS-UNAVAIL' });
    expect(folders.has(folder, numbered(1))).toBe(false);
    const tried = jobs.length;
    await expect(folders.list(folder)).rejects.toMatchObject({ code: 'E-SYS-UNAVAIL' });
    expect(jobs).toHaveLength(tried);
    clock += 31_000;
    await expect(folders.list(folder)).rejects.toMatchObject({ code: 'E-SYS-UNAVAIL' });
    expect(jobs.length).toBeGreaterThan(tried);
    await folders.close();
    await hasty.close();
  });

  test('C15: what could not be stored is as if it had never been asked', async () => {
    const enter = createIndex();
    await enter({ [folder]: { type: 'folder' }, [numbered(1)]: { type: 'text', parent: folder } });
    const failing = createFolders({
      ...{ db: store.db, idTag: alice, parser, sign: key.sign, random, now },
      add: () => Promise.reject(new Error('the disk is full')),
      changed: () => undefined,
    });
    const title = { id: numbered(1), fields: { title: 'Other' } };
    await expect(failing.change(folder, [title])).rejects.toThrow('the disk is full');
    expect((await failing.list(folder)).entries).toEqual([
      { id: numbered(1), fields: { type: 'text', parent: folder } },
    ]);
    await failing.close();
    expect((await folders.change(folder, [title])).entries[0]?.fields['title']).toBe('Other');
  });
});
