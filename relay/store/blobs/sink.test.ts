import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSink } from './sink.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-sink-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('bytes arrive in order, in chunks of every size', async () => {
  const handle = await open(join(folder, 'file'), 'wx');
  const sink = createSink(handle);
  const sent: Buffer[] = [];
  for (const [length, times] of [
    [1, 5000],
    [70_000, 200],
    [3_000_000, 5],
    [0, 1],
    [17, 1],
  ] as const)
    for (let i = 0; i < times; i++) {
      const chunk = Buffer.alloc(length, sent.length % 251);
      sent.push(chunk);
      await sink.take(chunk);
    }
  await sink.end();
  await handle.close();
  expect((await readFile(join(folder, 'file'))).equals(Buffer.concat(sent))).toBe(true);
});

test('what a write meets is thrown, by the next chunk or at the end', async () => {
  const handle = await open(join(folder, 'file'), 'wx');
  await handle.close();
  const unwritable = await open(join(folder, 'file'), 'r');
  const sink = createSink(unwritable);
  const all = async () => {
    for (let i = 0; i < 10; i++) await sink.take(Buffer.alloc(1024 * 1024));
  };
  await expect(all()).rejects.toThrow(/EBADF/);
  await expect(sink.end()).rejects.toThrow(/EBADF/);
  await unwritable.close();
});
