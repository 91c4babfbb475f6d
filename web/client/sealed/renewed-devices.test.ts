import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import { folderKeysOf } from './folder-keys.ts';
import {
  adding,
  addSealed,
  addVault,
  append,
  createDevice,
  exchange,
  idTag,
  removing,
  sealedOf,
  type TestDevice,
  textFile,
} from './sealed-fixture.ts';

const vault = 'V'.repeat(24);
const [letter, photo] = ['L'.repeat(24), 'P'.repeat(24)];

let laptop: TestDevice;
let phone: TestDevice;

beforeEach(async () => {
  [laptop, phone] = [await createDevice(), await createDevice()];
  await append(undefined, laptop, adding(laptop), [laptop]);
  await append(laptop.log, laptop, adding(phone), [laptop, phone]);
  await addVault(laptop, vault);
  await addSealed(laptop, vault, letter, textFile('before', 'x'));
  exchange(laptop, phone);
});
afterEach(() => {
  laptop.close();
  phone.close();
});

/** The device has new keys in its store, and in the log. */
async function renew(device: TestDevice): Promise<void> {
  const { did, jwk, ecdh } = await device.store.nextKeys();
  const op = { t: 'renew' as const, device: { did, jwk, ecdh, name: 'device' } };
  await append(laptop.log, device, op, [laptop, phone]);
  const membership = { id: 'identity' as const, idTag, apiBase: '', delegations: [], entries: [], keys: [] };
  device.keys.replace(await device.store.adoptNext(membership, device.keys.origin));
}

const keyOf = (device: TestDevice, id: string): string => readKeyId(sealedOf(device, id).sealed);
const names = () => [...folderKeysOf(laptop.index).keys()].sort();

describe('devices whose keys are renewed', () => {
  it('L10, E7, E8: read on, seal under the same key, and get no wrap of their own', async () => {
    const before = names();
    for (const device of [phone, laptop]) await renew(device);
    for (const device of [phone, laptop]) await device.vaults.ensureKeys();
    exchange(laptop, phone);
    expect(names()).toEqual(before);
    expect(await phone.vaults.open(sealedOf(phone, letter))).toMatchObject({ title: 'before' });
    await addSealed(phone, vault, photo, textFile('after', 'y'));
    exchange(laptop, phone);
    expect(keyOf(laptop, photo)).toBe(keyOf(laptop, letter));
    expect(await laptop.vaults.open(sealedOf(laptop, photo))).toMatchObject({ title: 'after' });
  });

  it('L10, E7: the keys survive with their origin, and open what was sealed to the first ones', async () => {
    const { did } = phone.keys;
    await renew(phone);
    const stored = (await phone.store.existingKeys())!;
    expect(stored.did).not.toBe(did);
    expect(stored.origin).toBe(did);
    expect(await phone.store.existingNext()).toBeUndefined();
    phone.keys.replace(stored);
    expect(await phone.vaults.open(sealedOf(phone, letter))).toMatchObject({ title: 'before' });
  });

  it('L10, E8: removed after a renewal, a device gets no new key', async () => {
    await renew(phone);
    const old = keyOf(laptop, letter);
    await append(laptop.log, laptop, removing(phone), [laptop, phone]);
    await laptop.vaults.ensureKeys();
    exchange(laptop, phone);
    expect(keyOf(laptop, letter)).not.toBe(old);
    await expect(phone.vaults.open(sealedOf(phone, letter))).rejects.toThrow('no key of this sealed folder');
  });
});
