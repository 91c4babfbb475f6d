import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { formatBlobId } from '../../../shared/file/blob-id.ts';
import { createDice } from '../../../shared/test/seeded.ts';
import { counted } from '../../../shared/test/counted.ts';
import { openBlobs } from './blobs.ts';

test('W6: of 1,000 flipped bits none is served, whole or in part, not even with its old time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'islet-flips-'));
  const dice = createDice();
  const bytes = Buffer.from(Array.from({ length: 50_000 }, () => Math.floor(dice() * 256)));
  const id = formatBlobId(createHash('sha256').update(bytes).digest());
  const blobs = await openBlobs({
    ...{ place: { kind: 'local' as const }, folder, report: () => undefined },
    now: Date.now,
  });
  await blobs.write(id, Readable.from([bytes]), bytes.length);
  const file = await open(join(folder, 'blobs', id.slice(3, 5), id), 'r+');
  const { atime, mtime } = await file.stat();
  for (let round = 0; round < 1000; round++) {
    const at = Math.floor(dice() * bytes.length);
    await file.write(Buffer.of(bytes[at]! ^ (1 << Math.floor(dice() * 8))), 0, 1, at);
    await utimes(join(folder, 'blobs', id.slice(3, 5), id), atime, mtime);
    const start = Math.floor(dice() * bytes.length);
    const range = round % 2 ? { start, end: bytes.length - 1 } : undefined;
    await expect(blobs.read(id, range)).rejects.toMatchObject({ code: 'E-BLOB-DAMAGED' });
    await file.write(bytes.subarray(at, at + 1), 0, 1, at);
    if (round % 100 === 0) expect((await buffer(await blobs.read(id))).equals(bytes)).toBe(true);
  }
  counted('flipped bits', 1000);
  await file.close();
  await rm(folder, { recursive: true, force: true });
});

test('W6: a bit that flips after the blob was found sound is seen too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'islet-flips-'));
  const bytes = Buffer.alloc(3_000_000, 'island');
  const id = formatBlobId(createHash('sha256').update(bytes).digest());
  const blobs = await openBlobs({
    ...{ place: { kind: 'local' as const }, folder, report: () => undefined },
    // What was written just now counts as long ago, so that it is remembered at once.
    now: () => Date.now() + 60_000,
  });
  await blobs.write(id, Readable.from([bytes]), bytes.length);
  for (let i = 0; i < 3; i++) expect((await buffer(await blobs.read(id))).equals(bytes)).toBe(true);
  // Longer than a tick of the clock of any file system here.
  await pause(50);
  const file = await open(join(folder, 'blobs', id.slice(3, 5), id), 'r+');
  await file.write(Buffer.of(0), 0, 1, 2_999_999);
  await file.close();
  const damaged = { code: 'E-BLOB-DAMAGED' };
  await expect(blobs.read(id)).rejects.toMatchObject(damaged);
  await expect(blobs.read(id, { start: 0, end: 9 })).rejects.toMatchObject(damaged);
  await rm(folder, { recursive: true, force: true });
});
