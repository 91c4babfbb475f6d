import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBlobId } from '../../../shared/file/blob-id.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { openTestBucket, type TestBucket } from './s3-fixture.ts';

const MiB = 1024 * 1024;
const idOf = (bytes: Uint8Array) => formatBlobId(createHash('sha256').update(bytes).digest());
const makeBytes = (length: number) => Buffer.alloc(length, `an island of ${length} bytes`);
const inChunks = (bytes: Buffer) => Readable.from([bytes.subarray(0, 500), bytes.subarray(500)]);

describe('blobs: s3, with trouble', () => {
  let bucket: TestBucket;
  let blobs: Blobs;
  const reported: unknown[] = [];
  const open = () =>
    openBlobs({
      place: { kind: 's3', ...bucket.place },
      folder: '/nowhere',
      now: Date.now,
      report: (error) => void reported.push(error),
    });
  beforeAll(async () => {
    bucket = await openTestBucket('');
    blobs = await open();
  });
  afterAll(() => bucket.close());

  test('a list goes on over its pages, and throws when one does not come', async () => {
    const ids = Array.from({ length: 1100 }, (_, i) => idOf(Buffer.from(`blob ${i}`)));
    await Promise.all(ids.map((id) => writeFile(bucket.fileOf(id), 'x')));
    const listed: string[] = [];
    for await (const { id, size } of blobs.list()) {
      listed.push(id);
      expect(size).toBe(1);
    }
    expect(listed.sort()).toEqual(ids.sort());
    bucket.breakOn((request) => Boolean(request.url?.includes('continuation-token')));
    const rest = async () => {
      for await (const { id } of blobs.list()) listed.push(id);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'E-SYS-UNAVAIL' });
    bucket.breakOn(() => false);
  });

  test('a piece that does not get there ends the upload, and what was sent is given up', async () => {
    const bytes = makeBytes(17 * MiB);
    bucket.breakOn((request) => Boolean(request.url?.includes('partNumber=2')));
    await expect(blobs.write(idOf(bytes), inChunks(bytes), 64 * MiB)).rejects.toMatchObject({
      code: 'E-SYS-UNAVAIL',
    });
    bucket.breakOn(() => false);
    expect(bucket.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
    // s3rver cannot do that: what could not be cleared away is reported, and hides nothing.
    expect(reported).toMatchObject([{ value: { message: 'the service answered 405 MethodNotAllowed' } }]);
    expect(await blobs.size(idOf(bytes))).toBeUndefined();
  });

  test('stopped, it is unavailable; started again, everything goes on; an opening names option and cause', async () => {
    const bytes = makeBytes(1000);
    const id = idOf(bytes);
    await blobs.write(id, inChunks(bytes), MiB);
    await bucket.stop();
    const unavailable = { code: 'E-SYS-UNAVAIL' };
    await expect(blobs.size(id)).rejects.toMatchObject(unavailable);
    await expect(blobs.read(id)).rejects.toMatchObject(unavailable);
    await expect(blobs.write(id, inChunks(bytes), MiB)).rejects.toMatchObject(unavailable);
    await expect(blobs.verify(id)).rejects.toMatchObject(unavailable);
    await expect(open()).rejects.toThrow(
      /^BLOBS: s3:\/\/bucket at .* cannot be reached: connect ECONNREFUSED/,
    );
    await bucket.start();
    expect(await blobs.verify(id)).toBe('sound');
  });

  test('wrong keys and a bucket that is not there are said at the start', async () => {
    const { place } = bucket;
    const attempt = (changed: Partial<typeof place>) =>
      openBlobs({
        place: { kind: 's3', ...place, ...changed },
        ...{ folder: '', now: Date.now, report: () => undefined },
      });
    await expect(attempt({ bucket: 'other' })).rejects.toThrow(/^BLOBS: .* 404 NoSuchBucket$/);
    await expect(attempt({ accessKeyId: 'nobody' })).rejects.toThrow(/403 InvalidAccessKeyId$/);
  });
});
