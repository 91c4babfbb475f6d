import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiHost, parseIdTag } from '../shared/identity/id-tag.ts';
import { parseConfig } from './config.ts';
import { type Homes, openHomes } from './homes.ts';
import { openParts } from './parts.ts';
import { createLog } from './log.ts';
import { endName, findName } from './store/names.ts';
import { codeOf } from '../shared/test/vectors.ts';

const bob = parseIdTag('bob.me.localhost');
const base = parseIdTag('me.localhost');
let folder: string;
let homes: Homes;
let db: Awaited<ReturnType<typeof openParts>>['db'];
let closers: (() => Promise<void>)[] = [];

const open = async () => {
  const environment = { DATA_DIR: folder, ISLET_NEIGHBOURS_DIR: join(folder, 'ports') };
  const config = parseConfig([], environment);
  const onClose = (closer: () => Promise<void>) => void closers.push(closer);
  const parts = await openParts(config, { log: createLog('fatal') }, onClose);
  db = parts.db;
  homes = await openHomes(config, parts, onClose);
  await homes.listening(4321);
};
const close = async () => {
  for (const closer of closers.splice(0).reverse()) await closer();
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-homes-'));
  await open();
});
afterEach(async () => {
  await close();
  closers = [];
  await rm(folder, { recursive: true, force: true });
});

const places = () =>
  ['localhost', base, apiHost(base), bob, apiHost(bob)].map((host) => homes.findTenant(host)?.place);
const ports = async () => (await readdir(join(folder, 'ports'))).toSorted();

test('N13: an identity comes and goes while the relay runs, with its hosts and its port', async () => {
  expect(places()).toEqual(['app', 'name', 'api', undefined, undefined]);
  await homes.open(bob, 'person');
  expect(places()).toEqual(['app', 'name', 'api', 'name', 'api']);
  expect(await ports()).toEqual([bob, base]);
  await homes.closeTenant(bob);
  expect(places()).toEqual(['app', 'name', 'api', undefined, undefined]);
  expect(await ports()).toEqual([base]);
  expect(await codeOf(async () => homes.read(bob))).toBe('E-CORE-HOST');
});

test('N13: the one that the relay was started for stays', async () => {
  expect(await codeOf(() => homes.closeTenant(base))).toBe('E-AUTH-NOPERM');
  expect(homes.base.tenant.idTag).toBe(base);
});

test('N13: opened twice at once it is one; after a stop and a start it is the same', async () => {
  const [one, two] = await Promise.all([homes.open(bob, 'person'), homes.open(bob, 'person')]);
  expect(one).toBe(two);
  const { k, logId } = one.tenant.keys;
  await close();
  await open();
  expect(homes.list().map(({ tenant }) => tenant.idTag)).toEqual([base, bob]);
  expect(homes.read(bob).tenant.keys).toMatchObject({ k, logId });
});

test('N13: opened again, it is what the store says; the hosts lead to the new one', async () => {
  const before = await homes.open(bob, 'person');
  const after = await homes.reopen(bob);
  expect(after).not.toBe(before);
  expect(homes.findTenant(apiHost(bob))?.tenant).toBe(after.tenant);
  expect(after.tenant.keys.logId).toBe(before.tenant.keys.logId);
  expect((await homes.reopen(base)).tenant.idTag).toBe(base);
  expect(homes.findTenant('localhost')?.place).toBe('app');
  expect(homes.findTenant('localhost')?.tenant).toBe(homes.base.tenant);
});

test('N14: the name of an identity that is gone stays given', async () => {
  await endName(db, bob, 5);
  expect(await findName(db, bob)).toMatchObject({ ended_at: 5 });
});
