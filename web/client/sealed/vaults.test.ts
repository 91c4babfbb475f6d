import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { codeOf } from '../../../shared/test/vectors.ts';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import { addEntry, readEntry, updateEntry } from '../documents/index-entries.ts';
import { deviceSuffix, readStoredKeys } from './folder-keys.ts';
import {
  adding,
  addSealed,
  addVault,
  append,
  createDevice,
  exchange,
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

/** Every byte of the index: what the relay gets. */
function indexText({ index }: TestDevice): string {
  return Buffer.from(Y.encodeStateAsUpdate(index)).toString('latin1');
}

const load = (device: TestDevice) => (blob: string) => Promise.resolve(device.blobs.get(blob));
const keyOf = (device: TestDevice, id: string): string => readKeyId(sealedOf(device, id).sealed);

describe('a sealed folder on one device', () => {
  it('E1, E5: a file goes in and comes out; its name, type and bytes are nowhere in the index', async () => {
    await addVault(laptop, vault);
    addEntry(laptop.index, photo, { type: 'file', title: 'plain-canary.txt', created: 1, edited: 1 });
    await addSealed(laptop, vault, letter, textFile('canary-name.txt', 'canary-content'));
    expect(indexText(laptop)).toContain('plain-canary.txt');
    expect(indexText(laptop)).not.toContain('canary-name');
    expect(indexText(laptop)).not.toContain('text/plain');
    for (const blob of laptop.blobs.values()) expect(await blob.text()).not.toContain('canary-content');

    const file = await laptop.vaults.openFile(sealedOf(laptop, letter), load(laptop));
    expect(file).toMatchObject({ title: 'canary-name.txt', mime: 'text/plain', size: 14 });
    expect(await file.blobs.get('raw.orig')?.text()).toBe('canary-content');
  });

  it('E5: the file that the relay sees is bytes without a kind', async () => {
    await addVault(laptop, vault);
    const picture = textFile('a.png', 'not really a picture');
    const [original] = picture.variants;
    const variants = [
      { ...original!, name: 'vis.orig', format: 'png', width: 3, height: 2 },
      { ...original!, name: 'vis.tn', format: 'webp', width: 1, height: 1 },
    ];
    const blobs = new Map([
      ['vis.orig', new Blob(['large'])],
      ['vis.tn', new Blob(['small one'])],
    ]);
    await addSealed(laptop, vault, letter, { ...picture, mime: 'image/png', variants, blobs });
    const entry = readEntry(laptop.index, letter);
    expect(entry?.descriptor).toMatch(/^d2,raw\.orig:b1~[\w-]{43}:f=bin:s=\d+:r=0x0;raw\.tn:[^;]+:r=0x0$/);
    expect([entry?.title, entry?.mime, entry?.size]).toEqual(['', undefined, undefined]);
    const opened = await laptop.vaults.open(sealedOf(laptop, letter));
    expect(opened.variants).toMatchObject([
      { name: 'vis.orig', size: 5, width: 3 },
      { name: 'vis.tn', size: 9, width: 1 },
    ]);
  });

  it('a file of several chunks comes back whole', async () => {
    await addVault(laptop, vault);
    const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => i % 253);
    const file = textFile('big.bin', '');
    await addSealed(laptop, vault, letter, { ...file, blobs: new Map([['raw.orig', new Blob([bytes])]]) });
    const opened = await laptop.vaults.openFile(sealedOf(laptop, letter), load(laptop));
    const back = new Uint8Array((await opened.blobs.get('raw.orig')?.arrayBuffer()) ?? new ArrayBuffer());
    expect(Buffer.from(back).equals(bytes)).toBe(true);
  });

  it('a new title is sealed as well, and so is that of a folder inside', async () => {
    await addVault(laptop, vault);
    await addSealed(laptop, vault, letter, textFile('old name', 'x'));
    const sealed = await laptop.vaults.rename(sealedOf(laptop, letter), 'new name');
    updateEntry(laptop.index, letter, { sealed });
    expect(await laptop.vaults.open(sealedOf(laptop, letter))).toMatchObject({ title: 'new name', size: 1 });
    const title = await laptop.vaults.sealTitle(vault, photo, 'inside');
    expect(await laptop.vaults.open({ id: photo, sealed: title })).toEqual({ title: 'inside', variants: [] });
    expect(indexText(laptop)).not.toContain('name');
  });

  it('E2: a byte that was flipped gets clear words, and so does one that is missing', async () => {
    await addVault(laptop, vault);
    await addSealed(laptop, vault, letter, textFile('a', 'some content'));
    const [[id, blob]] = [...laptop.blobs] as [[string, Blob]];
    const bytes = new Uint8Array(await blob.arrayBuffer());
    bytes[40]! ^= 1;
    const damaged = new Map([[id, new Blob([bytes])]]);
    const open = (blobs: Map<string, Blob>) =>
      laptop.vaults.openFile(sealedOf(laptop, letter), (wanted) => Promise.resolve(blobs.get(wanted)));
    await expect(open(damaged)).rejects.toThrow('a part of this sealed file is damaged');
    expect(await codeOf(() => open(new Map()))).toBe('E-CORE-NOTFOUND');
  });

  it('the wraps for this device are where the service worker looks, and nobody else’s', async () => {
    await linkPhone();
    await addVault(laptop, vault);
    const rows = await laptop.db.folderKeys.toArray();
    expect(rows).toEqual([expect.objectContaining({ folder: vault })]);
    expect(readStoredKeys(laptop.index).get(rows[0]!.kid)?.wraps.size).toBe(2);
  });
});

describe('devices that come', () => {
  it('E7: a device that was linked later is let in by one that has the key, and by nobody before', async () => {
    await addVault(laptop, vault);
    await addSealed(laptop, vault, letter, textFile('a.txt', 'hello'));
    await linkPhone();
    exchange(laptop, phone);
    await phone.vaults.ensureKeys();
    expect(await codeOf(() => phone.vaults.open(sealedOf(phone, letter)))).toBe('E-SEALED-KEY');
    expect((await phone.vaults.reveal([rowOf(phone, letter)]))[0]).toMatchObject({ locked: true, title: '' });
    expect(await codeOf(() => phone.vaults.sealFile(vault, photo, textFile('b', 'x')))).toBe('E-SEALED-KEY');

    await laptop.vaults.ensureKeys();
    exchange(laptop, phone);
    expect(await phone.vaults.open(sealedOf(phone, letter))).toMatchObject({ title: 'a.txt' });
    expect((await phone.vaults.reveal([rowOf(phone, letter)]))[0]).toMatchObject({
      ...{ locked: false, title: 'a.txt', mime: 'text/plain', size: 5 },
    });
    await addSealed(phone, vault, photo, textFile('from the phone', 'x'));
    exchange(laptop, phone);
    expect(await laptop.vaults.open(sealedOf(laptop, photo))).toMatchObject({ title: 'from the phone' });
    expect(readStoredKeys(laptop.index).size).toBe(1);
  });

  it('E7: keys that come from elsewhere are given on at once', async () => {
    const tablet = await createDevice();
    await linkPhone();
    await append(laptop.log, laptop, adding(tablet), [laptop, tablet]); // the phone has not heard of it
    await addVault(phone, vault);
    const failures: unknown[] = [];
    const end = laptop.vaults.keepKeys((error) => failures.push(error));
    exchange(phone, laptop);
    await expect
      .poll(() => [...readStoredKeys(laptop.index).values()][0]?.wraps.has(deviceSuffix(tablet.keys.did)), {
        timeout: 20_000,
      })
      .toBe(true);
    end();
    expect(failures).toEqual([]);
    tablet.close();
  });

  it('E8: two devices that make the first key of a folder at once end with one for what is new', async () => {
    await linkPhone();
    addEntry(laptop.index, vault, { type: 'folder', title: 'Papers', vault: '1', created: 1, edited: 1 });
    exchange(laptop, phone);
    await Promise.all([laptop.vaults.ensureKeys(), phone.vaults.ensureKeys()]);
    await addSealed(laptop, vault, letter, textFile('one', 'x'));
    await addSealed(phone, vault, photo, textFile('two', 'x'));
    exchange(laptop, phone);
    expect(readStoredKeys(laptop.index).size).toBe(2);
    for (const device of [laptop, phone]) {
      await device.vaults.ensureKeys();
      expect(await device.vaults.open(sealedOf(device, letter))).toMatchObject({ title: 'one' });
      expect(await device.vaults.open(sealedOf(device, photo))).toMatchObject({ title: 'two' });
    }
    exchange(laptop, phone);
    const keys = [laptop, phone].flatMap((device) => [keyOf(device, letter), keyOf(device, photo)]);
    expect(new Set(keys).size).toBe(1);
  });
});

/** A row as lists get it. */
function rowOf(device: TestDevice, id: string) {
  const entry = readEntry(device.index, id);
  if (!entry) throw new Error(`${id} is not here`);
  const { trashed, ...row } = entry;
  return { ...row, trashed: trashed === undefined ? (0 as const) : (1 as const) };
}
