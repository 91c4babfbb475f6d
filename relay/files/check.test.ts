import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { readChore } from '../store/chores.ts';
import { isDamaged, listDamages } from '../store/damages.ts';
import { type Blobs, openBlobs } from '../store/blobs/blobs.ts';
import { openStore, type Store } from '../store/database.ts';
import { type Check, createCheck } from './check.ts';
import { createDamage, type Damage } from './damage.ts';

const day = 24 * 60 * 60 * 1000;
const alice = 'alice.test';
let clock = 1_795_262_400_000;
const now = () => clock;
let folder: string;
let store: Store;
let plain: Blobs;
let damage: Damage;
let check: Check;
let told: string[];
let reported: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-check-'));
  store = await openStore(folder, now);
  await store.db
    .insertInto('identities')
    .values({
      ...{ id_tag: alice, name: 'Alice', log_id: 'log', profile_pic: null, cover_pic: null, created_at: 0 },
    })
    .execute();
  [told, reported] = [[], []];
  const report = (error: unknown) => void reported.push(error);
  plain = await openBlobs({ place: { kind: 'local' }, folder, now: Date.now, report });
  damage = createDamage({ db: store.db, blobs: plain, now, damaged: (id) => told.push(id), report });
  check = createCheck({ db: store.db, damage, now, report });
});
afterEach(async () => {
  await check.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const bytesOf = (name: string) => Buffer.from(`bytes of ${name}`);
const idOf = (name: string) => formatBlobId(createHash('sha256').update(bytesOf(name)).digest());
const bring = (name: string) => damage.blobs.write(idOf(name), Readable.from([bytesOf(name)]), 100);
const spoil = (name: string) => {
  const id = idOf(name);
  return writeFile(join(folder, 'blobs', id.slice(3, 5), id), 'something else');
};
const hold = async (name: string) => {
  const row = { id_tag: alice, blob: idOf(name), size: bytesOf(name).length };
  await store.db
    .insertInto('holdings')
    .values({ ...row, loose: 1, fetched_from: null, added_at: now() })
    .execute();
};

describe('the check of all blobs', () => {
  test('W6: names what is damaged and what is missing, tells of it once, and takes it back when it is sound again', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `blob ${i}`);
    for (const name of names) await bring(name);
    for (const name of [...names, 'lost']) await hold(name);
    await spoil('blob 7');
    await spoil('blob 180');
    expect(await check.state()).toEqual({ state: 'never', checked: 0, total: 0 });
    const running = check.start();
    expect(check.start()).toBe(running);
    expect((await check.state()).state).toBe('running');
    await running;
    const wrong = ['blob 7', 'blob 180', 'lost'].map(idOf).sort();
    expect([...(await listDamages(store.db, alice))].sort()).toEqual(wrong);
    expect(await check.state()).toEqual({ state: 'done', checked: 251, total: 251, endedAt: now() });
    await check.start();
    expect(told.sort()).toEqual(wrong);
    await bring('blob 7');
    await bring('lost');
    expect(await listDamages(store.db, alice)).toEqual([idOf('blob 180')]);
    await plain.write(idOf('blob 180'), Readable.from([bytesOf('blob 180')]), 100);
    await check.start();
    expect(await listDamages(store.db, alice)).toEqual([]);
    expect(reported).toEqual([]);
  });

  test('W6: a read that finds damage notes it; nobody else sees it as damage of his own', async () => {
    await bring('a');
    await hold('a');
    expect((await buffer(await damage.blobs.read(idOf('a')))).equals(bytesOf('a'))).toBe(true);
    await spoil('a');
    await expect(damage.blobs.read(idOf('a'))).rejects.toMatchObject({ code: 'E-BLOB-DAMAGED' });
    expect(await isDamaged(store.db, idOf('a'))).toBe(true);
    expect(await listDamages(store.db, 'bob.test')).toEqual([]);
    expect(told).toEqual([idOf('a')]);
    await damage.blobs.remove(idOf('a'));
    expect(await isDamaged(store.db, idOf('a'))).toBe(false);
  });

  test('runs once a week', async () => {
    const ends: (number | undefined)[] = [];
    for (const days of [0, 6, 1, 3, 4]) {
      clock += days * day;
      await check.wake();
      if ((await check.state()).state === 'running') await check.start();
      ends.push(await readChore(store.db, 'check'));
    }
    const [first] = ends;
    expect(ends.map((end) => (end! - first!) / day)).toEqual([0, 0, 7, 7, 14]);
  });

  test('one that is stopped, or cannot read the store, does not count as done', async () => {
    for (const name of ['a', 'b', 'c']) {
      await bring(name);
      await hold(name);
    }
    const broken = {
      ...damage,
      blobs: { ...damage.blobs, verify: () => Promise.reject(new Error('no store')) },
    };
    const failing = createCheck({
      db: store.db,
      damage: broken,
      now,
      report: (error) => reported.push(error),
    });
    await failing.start();
    expect(String(reported)).toBe('Error: no store');
    expect((await failing.state()).state).toBe('never');
    const running = check.start();
    await check.close();
    await running;
    expect((await check.state()).state).toBe('never');
    await check.start();
    expect((await check.state()).checked).toBeLessThan(3);
  });
});
