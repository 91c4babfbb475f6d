import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { saveQuota } from '../store/quotas.ts';
import { insertUpload } from '../store/uploads.ts';
import {
  alice,
  bob,
  breaking,
  bytesOf,
  day,
  idOf,
  inChunks,
  openTestStorage,
  type TestStorage,
} from './store-fixture.ts';
import { storeWhole } from './store-whole.ts';
import type { Uploads } from './uploads.ts';

const code = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof IsletError) return error.code;
      throw error;
    },
  );

describe.each(['filesystem', 'memory'])('uploads, staged in: %s', (staging) => {
  let storage: TestStorage;
  let uploads: Uploads;
  beforeEach(async () => {
    storage = await openTestStorage({ staging });
    uploads = await storage.reopen();
  });
  afterEach(() => storage.close());

  const bytes = bytesOf('sea', 900);
  const blob = idOf(bytes);
  const wanted = { idTag: alice, blob, size: 900, loose: false };
  const used = async (idTag = alice) => (await storage.quota.read(storage.db, idTag)).used;
  const begin = async (what = wanted) => {
    const { id } = await uploads.begin(what);
    if (id === undefined) throw new Error('the bytes are there already');
    return id;
  };
  const send = (id: string, offset: number, piece: Uint8Array) =>
    uploads.append(alice, id, { offset, bytes: () => inChunks(piece) });
  const staged = () => readdir(storage.incoming);

  test('W1: pieces become the blob, held by who sent them; nothing else is left', async () => {
    const id = await begin();
    expect(await send(id, 0, bytes.subarray(0, 400))).toEqual({
      id,
      blob,
      size: 900,
      offset: 400,
      done: false,
    });
    expect(await storage.blobs.size(blob)).toBeUndefined();
    expect(await begin()).toBe(id);
    expect(await send(id, 400, bytes.subarray(400))).toEqual({
      id,
      blob,
      size: 900,
      offset: 900,
      done: true,
    });
    expect(await buffer(await storage.blobs.read(blob))).toEqual(bytes);
    expect(await code(uploads.find(alice, id))).toBe('E-UPLOAD-UNKNOWN');
    expect([await used(), await used(bob), await staged()]).toEqual([900, 0, []]);
  });

  test('W1: sound bytes of its own an identity does not send again; damaged ones, and those of another, it does', async () => {
    await send(await begin(), 0, bytes);
    const done = { blob, size: 900, offset: 900, done: true };
    expect(await uploads.begin(wanted)).toEqual(done);
    expect(await uploads.begin({ ...wanted, idTag: bob })).toMatchObject({ offset: 0, done: false });
    expect([await used(), await used(bob)]).toEqual([900, 900]);
    expect(await code(uploads.begin({ ...wanted, size: 899 }))).toBe('E-BLOB-SIZE');
    const file = join(storage.folder, 'blobs', blob.slice(3, 5), blob);
    await writeFile(file, bytes.with(5, 1));
    const id = await begin();
    expect(await used()).toBe(900);
    await send(id, 0, bytes);
    expect(await readFile(file)).toEqual(bytes);
  });

  test('W2: stopped between the place of the last byte and the word about it, it is held all the same', async () => {
    await storage.blobs.write(blob, inChunks(bytes), 900);
    const row = { id: 'stopped', id_tag: alice, blob, size: 900, received: 900, loose: 0 as const };
    await insertUpload(storage.db, { ...row, created_at: 1, touched_at: 1 });
    await uploads.tidy();
    expect(await uploads.begin(wanted)).toEqual({ blob, size: 900, offset: 900, done: true });
    expect([await used(), await staged()]).toEqual([900, []]);
  });

  test('W2: one that lost its bytes and was announced with a wrong size goes, and holds up nothing', async () => {
    await storeWhole(storage, { idTag: alice, blob, size: 900, bytes: inChunks(bytes) });
    const row = { id: 'wrong', id_tag: alice, blob, size: 5, received: 3, loose: 0 as const };
    await insertUpload(storage.db, { ...row, created_at: 1, touched_at: storage.clock.now });
    await uploads.tidy();
    expect(await code(uploads.find(alice, row.id))).toBe('E-UPLOAD-UNKNOWN');
    expect(await used()).toBe(900);
  });

  test('W1: other bytes than were announced leave nothing', async () => {
    const id = await begin();
    expect(await code(send(id, 0, bytes.with(7, 7)))).toBe('E-BLOB-HASH');
    expect(await code(uploads.find(alice, id))).toBe('E-UPLOAD-UNKNOWN');
    const again = await begin();
    expect(await code(send(again, 0, Buffer.concat([bytes, bytes])))).toBe('E-BLOB-SIZE');
    expect((await uploads.find(alice, again)).offset).toBe(0);
    await uploads.cancel(alice, again);
    expect([await used(), await staged(), await storage.blobs.size(blob)]).toEqual([0, [], undefined]);
  });

  test('W1: no bytes at all are there at once', async () => {
    const empty = { ...wanted, blob: idOf(new Uint8Array()), size: 0 };
    expect(await uploads.begin(empty)).toMatchObject({ done: true, offset: 0 });
    expect(await storage.blobs.size(empty.blob)).toBe(0);
    expect(await code(uploads.begin({ ...wanted, size: 0 }))).toBe('E-BLOB-HASH');
    expect(await staged()).toEqual([]);
  });

  test('W2: a piece begins where the last one ended; of a broken one the beginning is kept', async () => {
    const id = await begin();
    expect(await code(send(id, 5, bytes))).toBe('E-UPLOAD-OFFSET');
    const broken = { offset: 0, bytes: () => breaking(bytes.subarray(0, 100)) };
    expect(await code(uploads.append(alice, id, broken))).toBe('E-VAL-INVALID');
    expect((await uploads.find(alice, id)).offset).toBe(100);
    await expect(send(id, 0, bytes)).rejects.toMatchObject({ details: { offset: 100 } });
    expect(await send(id, 100, bytes.subarray(100))).toMatchObject({ done: true });
  });

  test('W2: of two pieces at once one is taken; a cancelled one leaves nothing', async () => {
    const id = await begin();
    const gate = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const slow = uploads.append(alice, id, {
      offset: 0,
      async *bytes(signal) {
        signal.addEventListener('abort', () => gate.reject(new Error('stopped')));
        yield bytes.subarray(0, 10);
        taken.resolve();
        await gate.promise;
      },
    });
    await taken.promise;
    expect(await code(send(id, 0, bytes))).toBe('E-CORE-CONFLICT');
    const [cancelled, refused] = await Promise.all([code(uploads.cancel(alice, id)), code(slow)]);
    expect([cancelled, refused]).toEqual(['done', 'E-UPLOAD-UNKNOWN']);
    expect(await code(uploads.find(alice, id))).toBe('E-UPLOAD-UNKNOWN');
    expect([await used(), await staged()]).toEqual([0, []]);
  });

  test('W2: when the store fails at the end nothing has to be sent again', async () => {
    const id = await begin();
    const inTheWay = join(storage.folder, 'blobs', blob.slice(3, 5));
    await writeFile(inTheWay, '');
    await expect(send(id, 0, bytes)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(await uploads.find(alice, id)).toMatchObject({ offset: 900, done: false });
    expect(await used()).toBe(900);
    await rm(inTheWay);
    expect(await send(id, 900, new Uint8Array())).toMatchObject({ done: true });
    expect(await buffer(await storage.blobs.read(blob))).toEqual(bytes);
    expect([await used(), await staged()]).toEqual([900, []]);
  });

  test('nobody sees the upload of another identity', async () => {
    const id = await begin();
    const piece = { offset: 0, bytes: () => inChunks(bytes) };
    expect(await code(uploads.find(bob, id))).toBe('E-UPLOAD-UNKNOWN');
    expect(await code(uploads.append(bob, id, piece))).toBe('E-UPLOAD-UNKNOWN');
    expect(await code(uploads.cancel(bob, id))).toBe('E-UPLOAD-UNKNOWN');
    expect((await uploads.find(alice, id)).offset).toBe(0);
  });

  test('W2: what rests for 7 days is given up, and staged bytes of no upload go', async () => {
    const id = await begin();
    await send(id, 0, bytes.subarray(0, 50));
    await writeFile(join(storage.incoming, 'left over'), 'x');
    storage.clock.now += 7 * day - 1;
    await uploads.tidy();
    expect((await uploads.find(alice, id)).offset).toBe(50);
    expect(await staged()).not.toContain('left over');
    storage.clock.now += 1;
    await uploads.tidy();
    expect(await code(uploads.find(alice, id))).toBe('E-UPLOAD-UNKNOWN');
    expect([await used(), await staged()]).toEqual([0, []]);
  });

  test('W3: 50 uploads and 50 whole blobs at once end within the limit, to the byte', async () => {
    await saveQuota(storage.db, alice, 2_050);
    const upload = (i: number) => {
      const of = bytesOf(`upload ${i}`, 100);
      return code(uploads.begin({ ...wanted, blob: idOf(of), size: 100 }));
    };
    const whole = (i: number) => {
      const of = bytesOf(`whole ${i}`, 100);
      const size = i % 2 ? 100 : undefined;
      return code(storeWhole(storage, { idTag: alice, blob: idOf(of), size, bytes: inChunks(of) }));
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => [upload(i), whole(i)]).flat());
    const taken = answers.filter((answer) => answer === 'done').length;
    expect(new Set(answers)).toEqual(new Set(['done', 'E-STORAGE-LIMIT']));
    expect(taken).toBeGreaterThan(1);
    expect(taken).toBeLessThanOrEqual(20);
    expect(await used()).toBe(taken * 100);
    for (let i = 50; i < 70; i++) await whole(2 * i + 1);
    expect(await storage.quota.read(storage.db, alice)).toEqual({ used: 2_000, limit: 2_050, left: 50 });
    const fitting = bytesOf('fits', 50);
    await uploads.begin({ ...wanted, blob: idOf(fitting), size: 50 });
    expect(await upload(99)).toBe('E-STORAGE-FULL');
    await expect(uploads.begin(wanted)).rejects.toMatchObject({
      details: { used: 2_050, limit: 2_050, left: 0 },
    });
  });
});

describe('after a restart', () => {
  const bytes = bytesOf('sea', 900);
  const wanted = { idTag: alice, blob: idOf(bytes), size: 900, loose: false };
  const piece = (offset: number, end = 900) => ({
    offset,
    bytes: () => inChunks(bytes.subarray(offset, end)),
  });

  test('W2: an upload on the disk goes on; what lies behind its offset is dropped', async () => {
    const storage = await openTestStorage();
    const before = await storage.reopen();
    const { id = '' } = await before.begin(wanted);
    await before.append(alice, id, piece(0, 300));
    await writeFile(join(storage.incoming, id), Buffer.concat([bytes.subarray(0, 300), Buffer.from('torn')]));
    const uploads = await storage.reopen();
    expect((await uploads.find(alice, id)).offset).toBe(300);
    expect(await uploads.append(alice, id, piece(300))).toMatchObject({ done: true });
    await storage.close();
  });

  test('W2: an upload whose bytes were lost is not known any more', async () => {
    const storage = await openTestStorage();
    const before = await storage.reopen();
    const { id = '' } = await before.begin(wanted);
    await before.append(alice, id, piece(0, 300));
    await rm(join(storage.incoming, id));
    expect(await code(before.find(alice, id))).toBe('E-UPLOAD-UNKNOWN');
    const uploads = await storage.reopen();
    expect((await storage.quota.read(storage.db, alice)).used).toBe(0);
    expect(await uploads.begin(wanted)).toMatchObject({ offset: 0, done: false });
    await storage.close();
  });

  test('W2: uploads in memory are forgotten; what did not fit there goes on', async () => {
    const storage = await openTestStorage({ staging: 'memory' });
    const before = await storage.reopen();
    const { id: small = '' } = await before.begin(wanted);
    await before.append(alice, small, piece(0, 300));
    const large = bytesOf('large', 1001);
    const { id = '' } = await before.begin({ ...wanted, blob: idOf(large), size: 1001 });
    await before.append(alice, id, { offset: 0, bytes: () => inChunks(large.subarray(0, 1000)) });
    expect(await readdir(storage.incoming)).toEqual([id]);
    const uploads = await storage.reopen();
    expect(await code(uploads.find(alice, small))).toBe('E-UPLOAD-UNKNOWN');
    expect((await uploads.find(alice, id)).offset).toBe(1000);
    const last = { offset: 1000, bytes: () => inChunks(large.subarray(1000)) };
    expect(await uploads.append(alice, id, last)).toMatchObject({ done: true });
    await storage.close();
  });
});
