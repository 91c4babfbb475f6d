import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signDraft } from '../../shared/action/countersign.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { type LogOperation, signLogEntry } from '../../shared/device/device-log.ts';
import type { Signer } from '../../shared/identity/did.ts';
import { createTestKey, type TestKey } from '../../shared/test/keys.ts';
import { addition, alice, noon } from '../../shared/test/log.ts';
import { createDevices, type Devices } from '../identity/devices.ts';
import { createLock } from '../identity/lock.ts';
import { type NodeKeys, openNodeKeys } from '../identity/node-keys.ts';
import { createSealer } from '../identity/secret.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { openStore, type Store } from '../store/database.ts';
import { createSubmit } from './submit.ts';

const [laptop, phone] = [await createTestKey(), await createTestKey()];
const now = () => noon * 1000;

let folder: string;
let store: Store;
let keys: NodeKeys;
let devices: Devices;
let said: string[];
/** Comes between the judgement of a draft and its storing. */
let meanwhile: () => Promise<unknown>;

const sign = async (op: LogOperation): Promise<string> =>
  signLogEntry(await devices.log(), { iss: alice, iat: noon, by: laptop.did, op }, laptop.sign);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-submit-'));
  store = await openStore(folder, now);
  const sealer = await createSealer('k'.repeat(32), randomBytes);
  keys = await openNodeKeys(alice, { db: store.db, sealer, random: randomBytes, now });
  devices = createDevices({ db: store.db, keys, random: randomBytes, now });
  await devices.enrol((await devices.createSetup()) ?? '', await sign(addition(laptop)));
  await devices.append(await sign(addition(phone)), undefined);
  said = [];
  meanwhile = () => Promise.resolve();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function submit(device: TestKey) {
  const signAs =
    (k: string): Signer =>
    async (bytes) => {
      const come = meanwhile;
      meanwhile = () => Promise.resolve();
      await come();
      return keys.signAs(k)(bytes);
    };
  const parts = { db: store.db, keys: { ...keys, k: keys.k, signAs }, devices, lock: createLock(), now };
  const hear = {
    said: ({ actionId }: { actionId: string }) => said.push(actionId),
    changed: () => undefined,
  };
  const { did, jwk } = device;
  const session = {
    grant: { did, jwk, cap: [], exp: noon },
    chain: [await devices.delegation(device.did)],
  };
  const statement = { t: 'POST', iat: noon, c: 'said while it was removed', v: 'F' as const };
  const nonce = bytesToBase64url(randomBytes(16));
  const draft = await signDraft(alice, keys.k, { ...statement, _: nonce }, device.sign);
  const [receipt] = await createSubmit({ ...parts, ...hear })([draft], session);
  return receipt;
}

test('G6, D6: a removal that is stored while a draft is judged holds for it: nothing of it is stored', async () => {
  const entry = await sign({ t: 'remove', did: phone.did });
  meanwhile = () => devices.append(entry, undefined);
  expect(await submit(phone)).toMatchObject({ status: 'refused', code: 'E-DELEGATION-REVOKED' });
  expect(said).toEqual([]);
});

test('G6, D6: another change of the devices meanwhile costs nothing but a second look', async () => {
  const entry = await sign({ t: 'change', did: phone.did, name: 'telephone' });
  meanwhile = () => devices.append(entry, undefined);
  expect(await submit(laptop)).toMatchObject({ status: 'accepted', actionId: expect.any(String) as string });
  expect(said).toHaveLength(1);
});
