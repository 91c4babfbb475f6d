import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { everything } from '../../shared/device/capability.ts';
import {
  appendLogEntry,
  countersignLogEntry,
  type DeviceLog,
  type LogOperation,
  signLogEntry,
} from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Profile } from '../../shared/identity/key-set.ts';
import { createTestKey, listKey } from '../../shared/test/keys.ts';
import { addition } from '../../shared/test/log.ts';
import { openStore, type Store } from '../store/database.ts';
import { findPin } from '../store/pins.ts';
import type { SafeFetch } from './safe-fetch.ts';
import { createTrust, pinToTrust, type Trust } from './trust.ts';

const [alice, bob] = [parseIdTag('alice.test'), parseIdTag('bob.test')];
const start = 1_800_000_000_000;
let now = start;
let folder: string;
let store: Store;
let trust: Trust;

/** What the neighbour shows at this moment: its device log with countersignatures, or how it answers instead. */
let shown: readonly Item[] | number | Error;
interface Item {
  readonly entry: string;
  readonly countersignature: { readonly k: string; readonly token: string };
}

const create = async (name: string) => ({ ...(await createTestKey()), name });
type Key = Awaited<ReturnType<typeof create>>;
const people = { laptop: await create('laptop'), phone: await create('phone'), thief: await create('thief') };
const keys = {
  first: await create('261121'),
  second: await create('261122'),
  strange: await create('261123'),
};

const profileOf = (...listed: readonly Key[]): Profile => ({
  ...{ idTag: bob, name: 'Bob', type: 'person' as const },
  keys: listed.map((key) => listKey(key, key.name)),
});
const add = (key: Key) => addition(key, everything, key.name);

/** A log by what its entries do, each signed by `by` and countersigned by `key`. */
async function build(
  steps: readonly { by: Key; op: LogOperation; key?: Key }[],
  before: readonly Item[] = [],
) {
  let log: DeviceLog | undefined;
  const items = [...before];
  for (const { entry } of before) log = await appendLogEntry(bob, log, entry);
  for (const { by, op, key = keys.first } of steps) {
    const entry = await signLogEntry(log, { iss: bob, iat: start / 1000, by: by.did, op }, by.sign);
    log = await appendLogEntry(bob, log, entry);
    items.push({ entry, countersignature: await countersignLogEntry(entry, key.name, key.sign) });
  }
  return items;
}

const laptopOnly = () => build([{ by: people.laptop, op: add(people.laptop) }]);
const withPhone = async (before: readonly Item[]) =>
  build([{ by: people.laptop, op: add(people.phone) }], before);

const fetch: SafeFetch = Object.assign(
  () => {
    if (shown instanceof Error) return Promise.reject(shown);
    const status = typeof shown === 'number' ? shown : 200;
    const body =
      typeof shown === 'number' ? '' : { data: { entries: shown }, time: new Date(now).toISOString() };
    return Promise.resolve({ status, headers: {}, bytes: Buffer.from(JSON.stringify(body)) });
  },
  { close: () => Promise.resolve() },
);

const stateAfter = async (next: typeof shown, profile = profileOf(keys.first)) => {
  shown = next;
  now += 1000;
  await trust.observe(bob, profile);
  const pin = await findPin(store.db, alice, bob);
  return pin && pinToTrust(pin).state;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-trust-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let stores = 0;
beforeEach(async () => {
  store = await openStore(join(folder, String(stores++)), () => now);
  const row = { log_id: 'x', profile_pic: null, cover_pic: null, created_at: now };
  await store.db
    .insertInto('identities')
    .values({ id_tag: alice, name: 'Alice', ...row })
    .execute();
  trust = createTrust({ db: store.db, idTag: alice, fetch, now: () => now });
  return () => store.close();
});

test('L6, Y7: the first log is pinned, and so is whatever continues it: devices that came and went', async () => {
  const first = await laptopOnly();
  expect(await stateAfter(first)).toBe('pinned');
  expect(await stateAfter(first)).toBe('pinned');
  const second = await withPhone(first);
  expect(await stateAfter(second)).toBe('pinned');
  const third = await build([{ by: people.phone, op: { t: 'remove', did: people.laptop.did } }], second);
  expect(await stateAfter(third)).toBe('pinned');
  expect((await findPin(store.db, alice, bob))?.length).toBe(3);
  expect(await stateAfter(second)).toBe('forked');
});

test('Y7: every log that does not continue the pinned one is a fork', async () => {
  const first = await laptopOnly();
  const pinned = await withPhone(first);
  const variants: Record<string, typeof shown> = {
    'another first device': await build([{ by: people.thief, op: add(people.thief) }]),
    'the last entry is gone': first,
    'another second entry': await build([{ by: people.laptop, op: add(people.thief) }], first),
    'a fork that is longer': await build(
      [
        { by: people.laptop, op: add(people.thief) },
        { by: people.thief, op: add(people.phone) },
      ],
      first,
    ),
    'the first entry is missing': pinned.slice(1),
    'the entries are in another order': pinned.toReversed(),
    'an entry stands twice': [...pinned, pinned[1]!],
    'no log': [],
    'not found': 404,
    refused: 403,
  };
  for (const [name, variant] of Object.entries(variants)) {
    await store.db.deleteFrom('pins').execute();
    expect([name, await stateAfter(pinned)]).toEqual([name, 'pinned']);
    expect([name, await stateAfter(variant)]).toEqual([name, 'forked']);
    expect([name, await stateAfter(pinned)]).toEqual([name, 'forked']);
  }
});

test('L5, Y7: a log whose new entries the identity key did not countersign is a fork', async () => {
  const first = await laptopOnly();
  const second = await withPhone(first);
  const strange = await build([{ by: people.laptop, op: add(people.phone), key: keys.strange }], first);
  const swapped = [first[0]!, { ...second[1]!, countersignature: first[0]!.countersignature }];
  for (const variant of [strange, swapped]) {
    await store.db.deleteFrom('pins').execute();
    await stateAfter(first);
    expect(await stateAfter(variant)).toBe('forked');
  }
  await store.db.deleteFrom('pins').execute();
  expect(await stateAfter(strange)).toBe('forked');
});

test('L3, Y7: a log with an entry of a device that is not in it does not hold', async () => {
  const first = await laptopOnly();
  const foreign = await build([{ by: people.thief, op: add(people.thief) }]);
  expect(await stateAfter([...first, foreign[0]!])).toBe('forked');
});

test('Y7: a stock node has no log; when it gets one, that is pinned', async () => {
  expect(await stateAfter(404)).toBe('none');
  expect(await stateAfter([])).toBe('none');
  expect(await stateAfter(await laptopOnly())).toBe('pinned');
});

test('Y7: keys may be followed by others as long as one stays; all at once is a change', async () => {
  const log = await laptopOnly();
  await stateAfter(log, profileOf(keys.first));
  expect(await stateAfter(log, profileOf(keys.first, keys.second))).toBe('pinned');
  expect(await stateAfter(log, profileOf(keys.second))).toBe('pinned');
  const longer = await build([{ by: people.laptop, op: add(people.phone), key: keys.second }], log);
  expect(await stateAfter(longer, profileOf(keys.second))).toBe('pinned');
  expect(await stateAfter(longer, profileOf(keys.strange))).toBe('changed');
  expect(await stateAfter(longer, profileOf(keys.second))).toBe('changed');
  expect(await stateAfter(404, profileOf(keys.strange))).toBe('changed');
});

test('Y7: what a person accepted is what was shown last, and is pinned from then on', async () => {
  const pinned = await withPhone(await laptopOnly());
  await stateAfter(pinned);
  const since = (await findPin(store.db, alice, bob))?.since;
  const other = await build([{ by: people.thief, op: add(people.thief) }]);
  await stateAfter(other);
  const pin = await findPin(store.db, alice, bob);
  expect(pin && pinToTrust(pin)).toEqual({ state: 'forked', at: now });
  expect(pin?.since).toBeGreaterThan(since ?? 0);
  await trust.accept(bob);
  expect(await stateAfter(other)).toBe('pinned');
  expect(await stateAfter(pinned)).toBe('forked');
});

test('Y7: who does not answer stands as before', async () => {
  const log = await laptopOnly();
  await stateAfter(log);
  for (const silence of [503, 429, new IsletError('E-NET-FAILED', 'away')]) {
    shown = silence;
    await expect(trust.observe(bob, profileOf(keys.first))).rejects.toMatchObject({ code: 'E-NET-FAILED' });
    expect(pinToTrust((await findPin(store.db, alice, bob))!).state).toBe('pinned');
  }
});

test('Y7: it is looked at again after a day, and at once when the keys are others', async () => {
  const log = await laptopOnly();
  await stateAfter(log);
  shown = 404;
  expect(await trust.poll(bob, profileOf(keys.first))).toBe(false);
  now += 86_400_000;
  expect(await trust.poll(bob, profileOf(keys.first))).toBe(true);
  await trust.accept(bob);
  expect(await trust.poll(bob, profileOf(keys.strange))).toBe(true);
  expect(pinToTrust((await findPin(store.db, alice, bob))!).state).toBe('changed');
});
