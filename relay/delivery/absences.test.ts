import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../store/database.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type Absences, openAbsences } from './absences.ts';
import type { Later } from './answers.ts';

const minute = 60_000;
let time = 1_795_262_400_000;
const now = () => time;
/** No chance: the shortest pause, half of the full one. */
const random = (n: number) => new Uint8Array(n);
let folder: string;
let store: Store;
let absences: Absences;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-absences-'));
  store = await openStore(folder, now);
  absences = await openAbsences(store.db, { random, now });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const away: Later = { kind: 'later', reason: 'nobody there', reached: false, rest: false };
const busy: Later = { kind: 'later', reason: 'answered 503', reached: true, rest: false };
const fail = (outcome: Later, id = 1) => {
  const delivery: Delivery = {
    ...{ id, id_tag: 'alice.test', statement_id: `s${id}`, neighbour: 'bob.test' },
    ...{ state: 'waiting', tries: 0, next_at: 0, reason: null },
  };
  return absences.fail(store.db, delivery, outcome);
};

test('Q3: one that is away is left alone, longer each time, until it is back', async () => {
  expect(absences.rest('bob.test')).toBe(0);
  const pauses: number[] = [];
  for (let i = 0; i < 15; i++) {
    expect(await fail(away)).toBe(true);
    pauses.push(absences.rest('bob.test'));
    time += absences.rest('bob.test');
    expect(absences.rest('bob.test')).toBe(0);
  }
  expect(pauses.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(pauses.at(-1)).toBe(6 * 60 * minute);
  expect(absences.isAway('bob.test')).toBe(true);
  await absences.end(store.db, 'bob.test');
  expect([absences.rest('bob.test'), absences.isAway('bob.test')]).toEqual([0, false]);
  expect((await openAbsences(store.db, { random, now })).rest('bob.test')).toBe(0);
});

test('Q3: an absence outlives a restart', async () => {
  await fail(away);
  await fail(away);
  const after = await openAbsences(store.db, { random, now });
  expect(after.rest('bob.test')).toBe(10_000);
  expect(after.isAway('bob.test')).toBe(true);
});

test('Q3: one that shows itself is asked at once; when that fails it does not count', async () => {
  await fail(away);
  absences.expect('bob.test');
  expect(absences.rest('bob.test')).toBe(0);
  expect(await fail(away)).toBe(false);
  expect(absences.rest('bob.test')).toBe(5_000);
  time += 5_000;
  absences.expect('bob.test');
  expect(await fail(away)).toBe(true);
  expect(absences.rest('bob.test')).toBe(10_000);
});

test('Q3: one delivery that is not taken holds up no other; three do, for five minutes at most', async () => {
  for (let i = 0; i < 20; i++) await fail(busy, 1 + (i % 2));
  expect(absences.rest('bob.test')).toBe(0);
  await fail(busy, 3);
  expect(absences.rest('bob.test')).toBe(5 * minute);
  expect(absences.isAway('bob.test')).toBe(false);
});

test('Q2, Q3: 429 is enough by itself, and Retry-After is kept to', async () => {
  await fail({ ...busy, rest: true });
  expect(absences.rest('bob.test')).toBe(5_000);
  await fail({ ...busy, rest: true, after: 3_600_000 });
  expect(absences.rest('bob.test')).toBe(3_600_000);
});
