import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { everything } from '../../shared/device/capability.ts';
import { type DeviceLog, signLogEntry } from '../../shared/device/device-log.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { openStore, type Store } from '../store/database.ts';
import { createKeys, type TestKeys } from '../test/device.ts';
import { createDevices, type Devices } from './devices.ts';
import { type NodeKeys, openNodeKeys } from './node-keys.ts';
import { createSealer } from './secret.ts';
import { randomBytes } from './webcrypto.ts';

const alice = parseIdTag('alice.test');
const now = () => Date.parse('2026-11-22T12:00:00Z');

let folder: string;
let store: Store;
let keys: NodeKeys;
let laptop: TestKeys;
/** Of a relay that has just been started. */
let devices: Devices;

const start = () => createDevices({ db: store.db, keys, random: randomBytes, now });

async function signAdd(log: DeviceLog | undefined, { did, jwk, ecdh }: TestKeys): Promise<string> {
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name: 'a device' }, cap: [...everything] };
  return signLogEntry(log, { iss: alice, iat: now() / 1000, by: laptop.did, op }, laptop.sign);
}

/** As many sockets ask that are looked at again at the same moment. */
const askTogether = () => Promise.all(Array.from({ length: 50 }, () => devices.log()));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-devices-'));
  store = await openStore(folder, now);
  const sealer = await createSealer('k'.repeat(32), randomBytes);
  keys = await openNodeKeys(alice, { db: store.db, sealer, random: randomBytes, now });
  laptop = await createKeys();
  devices = start();
  const setup = await devices.createSetup();
  await devices.enrol(setup ?? '', await signAdd(undefined, laptop));
});
beforeEach(() => {
  devices = start();
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test('L1: however many ask at once, the signatures of a log are looked at once', async () => {
  const told = await askTogether();
  expect(told[0]?.devices.has(laptop.did)).toBe(true);
  expect(new Set(told).size).toBe(1);
});

test('L1: an entry that was taken is looked at once: the log behind it is not read again', async () => {
  const phone = await createKeys();
  const { log } = await devices.append(await signAdd(await devices.log(), phone), undefined);
  const told = await askTogether();
  expect(told[0]?.devices.has(phone.did)).toBe(true);
  expect(told.every((one) => one === log)).toBe(true);
});

test('L1: that a log could not be read is not remembered', async () => {
  const write = (entry: string) => store.db.updateTable('device_log').set({ entry }).where('seq', '=', 0);
  const { entry } = (await devices.entries())[0]!;
  await write('damaged').execute();
  await expect(devices.log()).rejects.toThrow();
  await write(entry).execute();
  expect((await devices.log())?.devices.has(laptop.did)).toBe(true);
});
