import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import { signFolderKey } from '../../../shared/file/folder-key.ts';
import { codeOf } from '../../../shared/test/vectors.ts';
import { entriesOf } from '../documents/index-entries.ts';
import { deviceSuffix, folderKeysOf, readStoredKeys } from './folder-keys.ts';
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
const letter = 'L'.repeat(24);
const photo = 'P'.repeat(24);

let laptop: TestDevice;
let phone: TestDevice;

beforeEach(async () => {
  [laptop, phone] = [await createDevice(), await createDevice()];
  await append(undefined, laptop, adding(laptop), [laptop]);
});
afterEach(() => {
  laptop.close();
  phone.close();
});

async function linkPhone(): Promise<void> {
  await append(laptop.log, laptop, adding(phone), [laptop, phone]);
}

const keyOf = (device: TestDevice, id: string): string => readKeyId(sealedOf(device, id).sealed);

describe('devices that go', () => {
  async function share(): Promise<void> {
    await linkPhone();
    await addVault(laptop, vault);
    await addSealed(laptop, vault, letter, textFile('before', 'x'));
    exchange(laptop, phone);
  }

  it('E8: a device that was removed gets no new key and reads nothing new; the others read everything', async () => {
    await share();
    const before = keyOf(laptop, letter);
    await append(laptop.log, laptop, removing(phone), [laptop]);
    await laptop.vaults.ensureKeys();
    await addSealed(laptop, vault, photo, textFile('after', 'x'));
    expect(keyOf(laptop, letter)).not.toBe(before);
    expect(keyOf(laptop, photo)).toBe(keyOf(laptop, letter));
    expect(await laptop.vaults.open(sealedOf(laptop, letter))).toMatchObject({ title: 'before' });

    const wraps = [...folderKeysOf(laptop.index).keys()].filter((name) => name.split(':').length === 3);
    expect(wraps.some((name) => name.endsWith(deviceSuffix(laptop.keys.did)))).toBe(true);
    expect(wraps.filter((name) => name.endsWith(deviceSuffix(phone.keys.did)))).toEqual([]);
    exchange(laptop, phone); // as if its relay still told it
    expect(await codeOf(() => phone.vaults.open(sealedOf(phone, photo)))).toBe('E-SEALED-KEY');
    const count = folderKeysOf(phone.index).size;
    phone.log = laptop.log;
    await phone.vaults.ensureKeys();
    expect(folderKeysOf(phone.index).size).toBe(count);
  });

  it('E7: a device that has not heard of the removal does not hand the new key to the one that went', async () => {
    const tablet = await createDevice();
    await share();
    await append(laptop.log, laptop, adding(tablet), [laptop, phone, tablet]);
    await laptop.vaults.ensureKeys();
    exchange(laptop, tablet);
    await append(laptop.log, laptop, removing(phone), [laptop]);
    await laptop.vaults.ensureKeys();
    exchange(laptop, tablet);
    await tablet.vaults.ensureKeys(); // by its old log
    const current = readStoredKeys(tablet.index).get(keyOf(tablet, letter));
    expect([...(current?.wraps.keys() ?? [])].sort()).toEqual(
      [laptop, tablet].map(({ keys }) => deviceSuffix(keys.did)).sort(),
    );
    await addSealed(tablet, vault, photo, textFile('by an old log', 'x'));
    expect(keyOf(tablet, photo)).toBe(keyOf(laptop, letter));
    tablet.close();
  });

  it('E8: a file that is sealed before the removal was worked up is under a new key already', async () => {
    await share();
    await append(laptop.log, laptop, removing(phone), [laptop]);
    await addSealed(laptop, vault, photo, textFile('after', 'x'));
    expect(keyOf(laptop, photo)).not.toBe(keyOf(phone, letter));
  });

  it('E8: a folder whose only keys went with a device takes new files, and says what it cannot open', async () => {
    await addVault(laptop, vault);
    await addSealed(laptop, vault, letter, textFile('lost', 'x'));
    await linkPhone();
    exchange(laptop, phone);
    await append(laptop.log, laptop, removing(laptop), [phone]);
    await addSealed(phone, vault, photo, textFile('new', 'x'));
    expect(await phone.vaults.open(sealedOf(phone, photo))).toMatchObject({ title: 'new' });
    expect(await codeOf(() => phone.vaults.open(sealedOf(phone, letter)))).toBe('E-SEALED-KEY');
  });

  it('E8: what a removed device makes and writes into the index is not sealed under', async () => {
    await share();
    await append(laptop.log, laptop, removing(phone), [laptop]);
    await laptop.vaults.ensureKeys();
    const good = keyOf(laptop, letter);
    // The relay still takes its rows, dated back: a key of its own, stated to be the newest, and one in the laptop's name.
    const forged = { iss: idTag, folder: vault, at: 1_900_000_000_000, removed: 1 };
    const map = folderKeysOf(laptop.index);
    for (const [kid, by] of [
      ['x'.repeat(22), phone.keys.did],
      ['y'.repeat(22), laptop.keys.did],
    ] as const)
      map.set(`${vault}:${kid}`, await signFolderKey({ ...forged, kid, by }, phone.keys.sign));
    await laptop.vaults.ensureKeys();
    await addSealed(laptop, vault, photo, textFile('after', 'x'));
    expect(keyOf(laptop, photo)).toBe(good);
  });

  it('E8: two devices that make a new key at once both stay readable, and the later one is used', async () => {
    const tablet = await createDevice(() => 1_800_000_000_500);
    await share();
    await append(laptop.log, laptop, adding(tablet), [laptop, phone, tablet]);
    await laptop.vaults.ensureKeys();
    exchange(laptop, phone, tablet);
    const log = await append(laptop.log, laptop, removing(phone), [laptop, tablet]);
    expect(log.devices.size).toBe(3);
    await Promise.all([laptop.vaults.ensureKeys(), tablet.vaults.ensureKeys()]);
    await addSealed(laptop, vault, photo, textFile('laptop’s', 'x'));
    exchange(laptop, tablet);
    await Promise.all([laptop.vaults.ensureKeys(), tablet.vaults.ensureKeys()]);
    exchange(laptop, tablet);
    const made = [...readStoredKeys(laptop.index).values()].filter(({ wraps }) => wraps.size === 2);
    expect(made.length).toBe(3); // the first, and one by each
    for (const device of [laptop, tablet]) {
      expect(await device.vaults.open(sealedOf(device, letter))).toMatchObject({ title: 'before' });
      expect(await device.vaults.open(sealedOf(device, photo))).toMatchObject({ title: 'laptop’s' });
    }
    expect(keyOf(laptop, letter)).toBe(keyOf(laptop, photo));
    expect(keyOf(tablet, letter)).toBe(keyOf(laptop, letter));
    tablet.close();
  });

  it('E6: an entry that was put into a folder while it was deleted for good stays readable', async () => {
    await share();
    await addSealed(phone, vault, photo, textFile('just put in', 'x'));
    entriesOf(laptop.index).delete(vault);
    exchange(laptop, phone);
    expect(await laptop.vaults.open(sealedOf(laptop, photo))).toMatchObject({ title: 'just put in' });
  });
});
