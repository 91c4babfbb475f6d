import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../../shared/file/blob-id.ts';
import { createDice } from '../../../shared/test/seeded.ts';
import { type Blobs, type BlobPlace, type ByteRange, openBlobs } from './blobs.ts';
import { openTestBucket, type TestBucket } from './s3-fixture.ts';

const MiB = 1024 * 1024;
const dice = createDice();
const idOf = (bytes: Uint8Array) => formatBlobId(createHash('sha256').update(bytes).digest());
const makeBytes = (length: number) => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 1009) bytes[i] = Math.floor(dice() * 256);
  for (let i = 0; i < Math.min(length, 32); i++) bytes[i] = Math.floor(dice() * 256);
  return bytes;
};
const inChunks = (bytes: Buffer, size = 65_536) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
  );

describe.each(['local', 's3'] as const)('blobs: %s', (kind) => {
  let folder: string;
  let bucket: TestBucket;
  let place: BlobPlace;
  let blobs: Blobs;
  // s3rver cannot give up an upload, and says so.
  const open = () => openBlobs({ place, folder, now: Date.now, report: () => undefined });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-blobs-'));
    bucket = await openTestBucket();
    place = kind === 's3' ? { kind, ...bucket.place } : { kind };
    blobs = await open();
  });
  afterAll(async () => {
    await bucket.close();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (bytes: Buffer, id = idOf(bytes)) => {
    const size = await blobs.write(id, inChunks(bytes), 64 * MiB);
    // s3rver answers before the last bytes are in its file, and would write over what a test puts there.
    while (!(await readFile(fileOf(id))).equals(bytes))
      await new Promise((resolve) => setTimeout(resolve, 5));
    return size;
  };
  const read = async (id: string, range?: ByteRange) => {
    const pieces: Buffer[] = [];
    for await (const piece of await blobs.read(id, range)) pieces.push(Buffer.from(piece as Uint8Array));
    return Buffer.concat(pieces);
  };
  const listAll = async () => {
    const all = new Map<string, number>();
    for await (const { id, size } of blobs.list()) all.set(id, size);
    return all;
  };
  const fileOf = (id: string) =>
    kind === 's3' ? bucket.fileOf(id) : join(folder, 'blobs', id.slice(3, 5), id);
  const flip = async (id: string, at: number) => {
    const bytes = await readFile(fileOf(id));
    bytes[at]! ^= 1 << Math.floor(dice() * 8);
    await writeFile(fileOf(id), bytes);
  };
  const expectNothing = async (id: string) => {
    expect(await blobs.size(id)).toBeUndefined();
    expect(await blobs.verify(id)).toBe('missing');
    expect((await listAll()).has(id)).toBe(false);
    expect(await readdir(join(folder, 'incoming')).catch(() => [])).toEqual([]);
  };

  test.each([0, 1, 70_000, 8 * MiB, 8 * MiB + 1, 20 * MiB + 17])(
    'W5: %i bytes come back as they were, from another opening too',
    async (length) => {
      const bytes = makeBytes(length);
      const id = idOf(bytes);
      expect(await blobs.size(id)).toBeUndefined();
      expect(await write(bytes)).toBe(length);
      blobs = await open();
      expect(await blobs.size(id)).toBe(length);
      expect((await read(id)).equals(bytes)).toBe(true);
      expect(await blobs.verify(id)).toBe('sound');
      expect((await listAll()).get(id)).toBe(length);
    },
  );

  test('W5: the same bytes twice, and many times at once, are one blob', async () => {
    const bytes = makeBytes(300_000);
    const sizes = await Promise.all(Array.from({ length: 8 }, () => write(bytes)));
    expect(sizes).toEqual(Array(8).fill(bytes.length));
    expect(await write(bytes)).toBe(bytes.length);
    expect((await read(idOf(bytes))).equals(bytes)).toBe(true);
  });

  test.each([1000, 9 * MiB])('W5: %i bytes with another hash leave nothing', async (length) => {
    const id = idOf(makeBytes(length));
    await expect(write(makeBytes(length), id)).rejects.toMatchObject({ code: 'E-BLOB-HASH' });
    await expectNothing(id);
  });

  test.each([1000, 17 * MiB])('W5: one byte more than %i are too many and leave nothing', async (limit) => {
    const bytes = makeBytes(limit + 1);
    const id = idOf(bytes);
    await expect(blobs.write(id, inChunks(bytes), limit)).rejects.toMatchObject({ code: 'E-BLOB-SIZE' });
    await expectNothing(id);
  });

  test.each([1000, 17 * MiB])(
    'W5: a stream that breaks off after %i bytes leaves nothing',
    async (length) => {
      const bytes = makeBytes(length + 1);
      async function* broken() {
        yield* inChunks(bytes.subarray(0, length)) as AsyncIterable<Buffer>;
        throw new Error('the line went dead');
      }
      const id = idOf(bytes);
      await expect(blobs.write(id, broken(), 64 * MiB)).rejects.toThrow('the line went dead');
      await expectNothing(id);
      expect(bucket.requests.filter((line) => line.startsWith('DELETE')).length).toBe(
        bucket.requests.filter((line) => line.startsWith('POST') && line.includes('?uploads=')).length -
          bucket.requests.filter((line) => line.startsWith('POST') && line.includes('uploadId=')).length,
      );
    },
  );

  test.each([0, 5000, 9 * MiB])('W5: a finished file of %i bytes is taken over', async (length) => {
    const bytes = makeBytes(length);
    const id = idOf(bytes);
    await mkdir(join(folder, 'staged'), { recursive: true });
    const file = join(folder, 'staged', 'upload');
    await writeFile(file, bytes);
    await blobs.adopt(id, file, length);
    await expect(stat(file)).rejects.toThrow(/ENOENT/);
    expect((await read(id)).equals(bytes)).toBe(true);
  });

  test('a range is those bytes and no others', async () => {
    const bytes = makeBytes(9 * MiB);
    const id = idOf(bytes);
    await write(bytes);
    for (const [start, end] of [
      [1, 1],
      [bytes.length - 1, bytes.length - 1],
      [0, bytes.length - 1],
      [8 * MiB - 3, 8 * MiB + 3],
    ] as const)
      expect((await read(id, { start, end })).equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test('what is not here, or was removed, is not found', async () => {
    const bytes = makeBytes(100);
    const id = idOf(bytes);
    await blobs.remove(id);
    await write(bytes);
    expect((await read(id)).equals(bytes)).toBe(true);
    await blobs.remove(id);
    await expectNothing(id);
    await expect(blobs.read(id)).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
    await expect(blobs.read(id, { start: 1, end: 2 })).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
  });

  test('W6: a flipped bit is found by a read, by a range, by a check; new bytes heal it', async () => {
    const bytes = makeBytes(200_000);
    const id = idOf(bytes);
    const damaged = { code: 'E-BLOB-DAMAGED' };
    for (let round = 0; round < 40; round++) {
      await write(bytes);
      if (round % 2) expect((await read(id, { start: 5, end: 9 })).length).toBe(5);
      const at = Math.floor(dice() * bytes.length);
      await flip(id, at);
      blobs = await open();
      const way = round % 3;
      if (way === 0) await expect(read(id)).rejects.toMatchObject(damaged);
      if (way === 1) await expect(blobs.read(id, { start: at, end: at })).rejects.toMatchObject(damaged);
      if (way === 2) expect(await blobs.verify(id)).toBe('damaged');
      await expect(read(id)).rejects.toMatchObject(damaged);
      await expect(blobs.read(id, { start: 0, end: 9 })).rejects.toMatchObject(damaged);
    }
    await write(bytes);
    expect(await blobs.verify(id)).toBe('sound');
    expect((await read(id)).equals(bytes)).toBe(true);
  });

  test('W6: a blob that was cut off, or grew, is damaged', async () => {
    const bytes = makeBytes(100_000);
    const id = idOf(bytes);
    for (const wrong of [bytes.subarray(0, 99_999), Buffer.concat([bytes, Buffer.of(0)]), Buffer.of()]) {
      await write(bytes);
      await writeFile(fileOf(id), wrong);
      expect(await blobs.verify(id)).toBe('damaged');
      await expect(read(id)).rejects.toMatchObject({ code: 'E-BLOB-DAMAGED' });
    }
    await blobs.remove(id);
  });

  test.each([
    '',
    '..',
    '../../etc/passwd',
    'b1~../../../../../../../../../../../../etc/passwd123',
    `b1~${'a'.repeat(42)}/`,
    `b1~${'a'.repeat(44)}`,
    `b1~${'a'.repeat(43)}\0`,
    `b1~${'a'.repeat(43)}\n`,
    `f1~${'a'.repeat(43)}`,
    `b1~${'%2e%2e%2f'.repeat(5).slice(0, 43)}`,
  ])('the name %j reaches no path', async (id) => {
    const before = bucket.requests.length;
    const invalid = { code: 'E-VAL-INVALID' };
    await expect(blobs.size(id)).rejects.toMatchObject(invalid);
    await expect(blobs.write(id, inChunks(Buffer.of(1)), 10)).rejects.toMatchObject(invalid);
    await expect(blobs.adopt(id, join(folder, 'x'), 1)).rejects.toMatchObject(invalid);
    await expect(blobs.read(id)).rejects.toMatchObject(invalid);
    await expect(blobs.remove(id)).rejects.toMatchObject(invalid);
    await expect(blobs.verify(id)).rejects.toMatchObject(invalid);
    expect(bucket.requests.length).toBe(before);
  });

  test('the list has every blob and nothing else', async () => {
    const before = await listAll();
    const written = new Map<string, number>();
    for (let i = 0; i < 20; i++) {
      const bytes = makeBytes(1 + i);
      await write(bytes);
      written.set(idOf(bytes), bytes.length);
    }
    await writeFile(fileOf('b1~no-blob').replace(/b1~no-blob/, 'zz'), 'x').catch(() =>
      writeFile(join(folder, 'blobs', 'zz'), 'x'),
    );
    expect(await listAll()).toEqual(new Map([...before, ...written]));
  });
});
