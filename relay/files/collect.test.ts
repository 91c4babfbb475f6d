import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { fileId } from '../../shared/file/blob-id.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { insertFile } from '../store/files.ts';
import { findHolding, hold } from '../store/holdings.ts';
import { saveQuota } from '../store/quotas.ts';
import { createBlobUse } from './blob-use.ts';
import { createCollection } from './collect.ts';
import { holdOldBlobs } from './old-blobs.ts';
import { releaseBlob, releaseFile } from './release.ts';
import {
  alice,
  bob,
  bytesOf,
  day,
  idOf,
  inChunks,
  listAll,
  openTestStorage,
  type TestStorage,
} from './store-fixture.ts';
import { storeWhole } from './store-whole.ts';
import type { Uploads } from './uploads.ts';

let storage: TestStorage;
let uploads: Uploads;
beforeEach(async () => {
  storage = await openTestStorage();
  uploads = await storage.reopen();
  await holdOldBlobs({ ...storage, idTag: alice });
});
afterEach(() => storage.close());

const collect = (change: { blobs?: Blobs } = {}) =>
  createCollection({ ...storage, uploads, idTag: alice, ...change }).wake();
/** Collects every day for so long. */
const pass = async (days: number, change: { blobs?: Blobs } = {}) => {
  for (let i = 0; i < days; i++) {
    storage.clock.now += day;
    await collect(change);
  }
};
const bring = async (name: string, idTag = alice) => {
  const bytes = bytesOf(name);
  const blob = idOf(bytes);
  const { id } = await uploads.begin({ idTag, blob, size: bytes.length, loose: false });
  if (id !== undefined) await uploads.append(idTag, id, { offset: 0, bytes: () => inChunks(bytes) });
  return blob;
};
const bringLoose = async (name: string) => {
  const bytes = bytesOf(name);
  await storeWhole(storage, { idTag: alice, blob: idOf(bytes), size: 100, bytes: inChunks(bytes) });
  return idOf(bytes);
};
const nameFile = async (blobs: readonly string[], id_tag = alice) => {
  const variants = blobs.map((blob) => ({
    name: 'raw.orig',
    blob,
    format: 'bin',
    size: 100,
    width: 0,
    height: 0,
  }));
  const descriptor = formatDescriptor(variants);
  const id = await fileId(descriptor);
  const row = { id_tag, id, descriptor, content_type: 'a/b', file_name: 'x', created_at: 0 };
  await insertFile(storage.db, { ...row, visibility: 'D' }, variants);
  return id;
};
const used = async () => (await storage.quota.read(storage.db, alice)).used;

describe('W4: collection', () => {
  test('loose and named blobs stay; one that no file names for 7 days goes 7 days later', async () => {
    const [loose, named, forgotten] = [
      await bringLoose('loose'),
      await bring('named'),
      await bring('forgotten'),
    ];
    await nameFile([named]);
    await collect();
    expect(await used()).toBe(300);
    await pass(7);
    expect(await used()).toBe(200);
    expect(await listAll(storage.blobs)).toContain(forgotten);
    await pass(6);
    expect(await listAll(storage.blobs)).toContain(forgotten);
    await pass(2);
    expect(await listAll(storage.blobs)).toEqual([loose, named].sort());
  });

  test('after a deletion the room is free at once, the bytes 7 days later; of two files one is enough', async () => {
    const [one, two] = [await bring('one'), await bring('two')];
    const both = await nameFile([one, two].sort());
    const second = await nameFile([two]);
    await releaseFile(storage.db, alice, both);
    expect(await used()).toBe(100);
    await pass(9);
    expect(await listAll(storage.blobs)).toEqual([two]);
    await releaseFile(storage.db, alice, second);
    expect(await used()).toBe(0);
    await expect(releaseFile(storage.db, alice, second)).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
  });

  test('what another identity has stays', async () => {
    const blob = await bring('shared');
    const file = await nameFile([blob]);
    await bring('shared', bob);
    await nameFile([blob], bob);
    await releaseFile(storage.db, alice, file);
    await pass(20);
    expect(await listAll(storage.blobs)).toEqual([blob]);
  });

  test('a loose blob is taken back once; not while a file names it', async () => {
    const blob = await bringLoose('picture');
    const file = await nameFile([blob]);
    await expect(releaseBlob(storage.db, alice, blob)).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
    expect(await used()).toBe(100);
    await releaseFile(storage.db, alice, file);
    expect(await used()).toBe(0);
    const other = await bringLoose('other');
    await releaseBlob(storage.db, alice, other);
    expect(await findHolding(storage.db, alice, other)).toBeUndefined();
  });

  test('what is needed again meanwhile stays, and its days begin anew', async () => {
    const blob = await bring('again');
    await releaseBlob(storage.db, alice, blob);
    await pass(6);
    expect(await bring('again')).toBe(blob);
    await releaseBlob(storage.db, alice, blob);
    await pass(6);
    expect(await listAll(storage.blobs)).toEqual([blob]);
    await pass(3);
    expect(await listAll(storage.blobs)).toEqual([]);
  });

  test('a search that cannot see everything, or is stopped, finds nothing', async () => {
    const blob = await bring('lonely');
    await releaseBlob(storage.db, alice, blob);
    const torn: Blobs = {
      ...storage.blobs,
      async *list() {
        yield* storage.blobs.list();
        throw new Error('the rest cannot be listed');
      },
    };
    await collect();
    storage.clock.now += 30 * day;
    await expect(collect({ blobs: torn })).rejects.toThrow('cannot be listed');
    expect(await listAll(storage.blobs)).toEqual([blob]);
    const stopped = createCollection({ ...storage, uploads, idTag: alice });
    const running = stopped.wake();
    await stopped.close();
    await running;
    expect(await listAll(storage.blobs)).toEqual([blob]);
    await collect();
    expect(await listAll(storage.blobs)).toEqual([]);
  });

  test('a blob that is being brought in is not removed, and who comes during a removal waits for it', async () => {
    const blob = await bring('raced');
    await releaseBlob(storage.db, alice, blob);
    await collect();
    storage.clock.now += 8 * day;
    await storage.use.during(blob, () => collect());
    expect(await listAll(storage.blobs)).toEqual([blob]);
    const use = createBlobUse();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const removal = use.unlessUsed(blob, () => gate.promise.then(() => void order.push('removed')));
    const bringing = use.during(blob, () => Promise.resolve(order.push('brought')));
    gate.resolve();
    await Promise.all([removal, bringing]);
    expect(order).toEqual(['removed', 'brought']);
  });

  test('blobs of earlier versions are held, once: named ones by their file, fetched ones as fetched, the rest loose', async () => {
    await storage.db.deleteFrom('chores').execute();
    const names = ['document picture', 'of a file', 'of a neighbour'];
    const [loose, named, fetched] = await Promise.all(
      names.map(async (name) => {
        await storage.blobs.write(idOf(bytesOf(name)), Readable.from([bytesOf(name)]), 100);
        return idOf(bytesOf(name));
      }),
    );
    if (!loose || !named || !fetched) throw new Error('three were written');
    await nameFile([named]);
    const foreign = { id_tag: alice, statement_id: 's', file_id: await nameFile([fetched]), owner: bob };
    await storage.db
      .insertInto('attachments')
      .values({ ...foreign, state: 'stored', tries: 0, next_at: 0 })
      .execute();
    await collect();
    const holdings = await Promise.all(
      [loose, named, fetched].map((blob) => findHolding(storage.db, alice, blob)),
    );
    expect(holdings.map((row) => [row?.loose, row?.fetched_from, row?.size])).toEqual([
      [1, null, 100],
      [0, null, 100],
      [0, bob, 100],
    ]);
    expect(await used()).toBe(200);
    await pass(20);
    expect(await listAll(storage.blobs)).toEqual([loose, named, fetched].sort());
    const stray = bytesOf('came later without a holding');
    await storage.blobs.write(idOf(stray), Readable.from([stray]), 100);
    await pass(9);
    expect(await listAll(storage.blobs)).not.toContain(idOf(stray));
  });
});

describe('holdings', () => {
  const row = { id_tag: alice, blob: idOf(bytesOf('x')), size: 100, loose: 0 as const, added_at: 1 };

  test('W3: what was fetched does not count until our own devices bring it, and then for good', async () => {
    await hold(storage.db, { ...row, fetched_from: bob });
    expect(await used()).toBe(0);
    await hold(storage.db, { ...row, fetched_from: null, loose: 1 });
    await hold(storage.db, { ...row, fetched_from: bob });
    expect(await used()).toBe(100);
    expect((await findHolding(storage.db, alice, row.blob))?.loose).toBe(1);
  });

  test('W3: of what was fetched nobody gets more than has room by announcing it smaller first', async () => {
    await saveQuota(storage.db, alice, 60);
    const blob = await bring('sea', bob);
    await hold(storage.db, { ...row, blob, fetched_from: bob });
    const wanted = { idTag: alice, blob, loose: false };
    await expect(uploads.begin({ ...wanted, size: 1 })).rejects.toThrow('this blob has 100 bytes');
    await storage.blobs.remove(blob);
    await uploads.begin({ ...wanted, size: 1 });
    await storeWhole(storage, { idTag: bob, blob, size: 100, bytes: inChunks(bytesOf('sea')) });
    await expect(uploads.begin({ ...wanted, size: 100 })).rejects.toMatchObject({ code: 'E-STORAGE-LIMIT' });
    expect(await used()).toBeLessThanOrEqual(60);
  });
});
