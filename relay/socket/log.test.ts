import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Batch, emptyChain, nextChain, signBatch } from '../../shared/sync/row.ts';
import { createTestKey } from '../../shared/test/keys.ts';
import { alice } from '../../shared/test/log.ts';
import { codeOf } from '../../shared/test/vectors.ts';
import { openTestStorage, type TestStorage } from '../files/store-fixture.ts';
import { createSyncLog } from './log.ts';

const device = await createTestKey();
const now = () => 1_795_262_400_000;

let store: TestStorage;
/** What was told to the sockets, by `seq`. */
let told: number[];

beforeEach(async () => {
  store = await openTestStorage();
  told = [];
});
afterEach(() => store.close());

const says = (first: number, count = 1): Promise<Batch> => {
  const row = (i: number) => ({ doc: 'd'.repeat(24), update: new Uint8Array([first, i]) });
  const rows = Array.from({ length: count }, (_, i) => row(i));
  return signBatch(
    alice,
    { device: device.did, session: 'A'.repeat(22), first, time: now(), rows },
    device.sign,
  );
};

async function openLog() {
  const stored = (batches: readonly { stored: { seq: number } }[]) =>
    void told.push(...batches.map(({ stored: { seq } }) => seq));
  const log = createSyncLog<string>({ db: store.db, idTag: alice, logId: 'log', now, stored });
  await log.open();
  return log;
}

/** The disk takes nothing from now on, or everything again. */
const setReadOnly = (on: boolean) => sql.raw(`pragma query_only = ${on ? 1 : 0}`).execute(store.db);

test('S9, S10: what could not be committed is neither acknowledged nor told, and has no place in the log', async () => {
  const log = await openLog();
  expect(await log.append(await says(0), '')).toBe(0);
  await setReadOnly(true);
  expect(await codeOf(async () => log.append(await says(1), ''))).toBe('E-SYS-UNAVAIL');
  expect(told).toEqual([1]);
  expect(log.head().seq).toBe(1);
  expect(await log.acked(device.did, 'A'.repeat(22))).toBe(0);
  await setReadOnly(false);
  expect(await log.append(await says(1), '')).toBe(1);
  expect(told).toEqual([1, 2]);
  expect((await log.read(0)).map(({ seq }) => seq)).toEqual([1, 2]);
});

test('S4, S5: the head is the same when the log is opened again', async () => {
  const log = await openLog();
  await log.append(await says(0, 3), '');
  expect(log.head()).toEqual({ seq: 3, chain: await nextChain(emptyChain, alice, await says(0, 3)) });
  expect((await openLog()).head()).toEqual(log.head());
});

test('S2: rows that leave a gap are refused, alone and among others that wait', async () => {
  const log = await openLog();
  expect(await codeOf(async () => log.append(await says(1), ''))).toBe('E-ROW-INVALID');
  const [zero, two] = await Promise.all([says(0), says(2)]);
  const outcomes = await Promise.allSettled([log.append(zero, ''), log.append(two, '')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(told).toEqual([1]);
});

test('S10: the same rows again are acknowledged and stored once, also when both wait', async () => {
  const log = await openLog();
  const batch = await says(0, 2);
  expect(await Promise.all([log.append(batch, ''), log.append(batch, '')])).toEqual([1, 1]);
  expect(await log.append(batch, '')).toBe(1);
  expect(told).toEqual([2]);
  expect(await log.read(0)).toHaveLength(1);
});
