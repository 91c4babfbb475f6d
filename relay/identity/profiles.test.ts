import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { createTestKey, listKey } from '../../shared/test/keys.ts';
import { openStore, type Store } from '../store/database.ts';
import { createProfiles, type Profiles } from './profiles.ts';
import type { Ask, SafeFetch } from './safe-fetch.ts';

const bob = parseIdTag('bob.test');
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const key = await createTestKey();
let now = 1_800_000_000_000;
let folder: string;
let store: Store;
let profiles: Profiles;
/** How the neighbour answers; 0: it is not reached. */
let status = 200;
let expiresAt: number | undefined;
/** The condition of each request. */
let asked: (string | undefined)[] = [];

const fetch: SafeFetch = Object.assign(
  (_idTag: string, _path: string, { headers }: Ask) => {
    asked.push(headers?.['if-none-match']);
    if (status === 0) return Promise.reject(new IsletError('E-NET-FAILED', 'away'));
    const data = { idTag: bob, name: 'Bob', type: 'person', keys: [listKey(key, '1', expiresAt)] };
    const body = JSON.stringify({ data, time: new Date(now).toISOString() });
    const bytes = Buffer.from(status === 200 ? body : '');
    return Promise.resolve({ status, headers: { etag: '"e1"' }, bytes });
  },
  { close: () => Promise.resolve() },
);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-profiles-'));
  store = await openStore(folder, () => now);
  profiles = createProfiles({ db: store.db, fetch, now: () => now });
  [status, expiresAt, asked, now] = [200, undefined, [], 1_800_000_000_000];
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof IsletError ? error.code : String(error)),
  );
const pollAfter = async (ms: number) => {
  now += ms;
  const before = asked.length;
  await profiles.poll(bob);
  return asked.length - before;
};

test('Y6: a profile is asked for once a day, under the condition that it has changed', async () => {
  expect(await pollAfter(0)).toBe(1);
  expect(await pollAfter(day - 1)).toBe(0);
  status = 304;
  expect(await pollAfter(1)).toBe(1);
  expect(asked).toEqual([undefined, '"e1"']);
  expect(await pollAfter(day - 1)).toBe(0);
  expect((await profiles.read(bob)).name).toBe('Bob');
});

test('Y6: ten who want it at once ask once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => profiles.key(bob, '1')));
  expect(asked).toHaveLength(1);
});

test('Y6: a failure is remembered for five minutes when it was the network, else for an hour', async () => {
  for (const [answer, pause, code] of [
    [0, 5 * minute, 'E-NET-FAILED'],
    [503, 5 * minute, 'E-NET-FAILED'],
    [404, hour, 'E-KEY-UNKNOWN'],
  ] as const) {
    [status, asked] = [answer, []];
    now += day;
    expect(await codeOf(profiles.key(bob, '1'))).toBe(code);
    now += pause - 1;
    expect(await codeOf(profiles.key(bob, '1'))).toBe(code);
    expect(asked).toHaveLength(1);
    now += 1;
    await codeOf(profiles.key(bob, '1'));
    expect(asked).toHaveLength(2);
  }
});

test('Y6: while it fails it is asked every four hours, and after a week no more', async () => {
  await pollAfter(0);
  status = 0;
  expect(await pollAfter(day)).toBe(1);
  expect(await pollAfter(4 * hour - 1)).toBe(0);
  expect(await pollAfter(1)).toBe(1);
  let requests = 0;
  for (let days = 0; days < 30; days += 1) requests += await pollAfter(day);
  expect(requests).toBe(6);
});

test('Y6: known keys hold for a day of failures; then only what it says now, and it comes back at once', async () => {
  await profiles.key(bob, '1');
  status = 0;
  await pollAfter(day);
  for (let hours = 0; hours < 24; hours += 4) {
    expect(await codeOf(profiles.key(bob, '1'))).toBe('fine');
    await pollAfter(4 * hour);
  }
  expect(await codeOf(profiles.key(bob, '1'))).toBe('E-NET-FAILED');
  status = 404;
  now += 5 * minute;
  expect(await codeOf(profiles.key(bob, '1'))).toBe('E-NET-FAILED');
  status = 200;
  now += hour;
  expect(await codeOf(profiles.key(bob, '1'))).toBe('fine');
  const row = await store.db.selectFrom('profiles').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ failing_since: 0, returned_at: now });
});

test('K2, Y6: a key whose end has passed is asked for again, and not taken when it is still the old one', async () => {
  expiresAt = now / 1000 + 60;
  await profiles.key(bob, '1');
  now += 61_000;
  expect(await codeOf(profiles.key(bob, '1'))).toBe('E-KEY-UNKNOWN');
  expiresAt = now / 1000 + 60;
  now += 11_000;
  expect(await codeOf(profiles.key(bob, '1'))).toBe('fine');
});

test('K2: keys that change right after they were asked for are found at once, and a doubt asks once in ten seconds', async () => {
  await profiles.key(bob, '1');
  const before = asked.length;
  for (let times = 0; times < 5; times += 1)
    expect(await codeOf(profiles.key(bob, 'new'))).toBe('E-KEY-UNKNOWN');
  expect(asked.length - before).toBe(1);
  now += 11_000;
  expect(await codeOf(profiles.key(bob, 'new'))).toBe('E-KEY-UNKNOWN');
  expect(asked.length - before).toBe(2);
});
