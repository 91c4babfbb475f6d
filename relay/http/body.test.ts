import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import * as v from 'valibot';
import { afterEach, expect, test, vi } from 'vitest';
import { readJson } from './body.ts';

afterEach(() => vi.useRealTimers());

/** As much of a request as is looked at. */
function ask(req: Readable, headers: Record<string, string> = {}): Promise<unknown> {
  const ctx = { req, get: (name: string) => headers[name] ?? '' } as unknown as Context;
  return readJson(ctx, v.unknown(), 1_000);
}
const ofChunks = (...chunks: (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

test('H5: a body is counted as it comes and after it was decompressed, whatever its length was said to be', async () => {
  expect(await ask(ofChunks('{"a":', '1}'))).toEqual({ a: 1 });
  await expect(ask(ofChunks('{}'), { 'content-length': '1001' })).rejects.toThrow(refusal('E-CORE-TOOLARGE'));
  await expect(ask(ofChunks('"', 'x'.repeat(600), 'x'.repeat(600), '"'))).rejects.toThrow(
    refusal('E-CORE-TOOLARGE'),
  );
  const bomb = gzipSync(`"${'x'.repeat(5_000_000)}"`);
  await expect(ask(ofChunks(bomb), { 'content-encoding': 'gzip' })).rejects.toThrow(
    refusal('E-CORE-TOOLARGE'),
  );
  await expect(ask(ofChunks('x'), { 'content-encoding': 'gzip' })).rejects.toThrow(refusal('E-VAL-INVALID'));
  await expect(ask(ofChunks('x'), { 'content-encoding': 'zstd' })).rejects.toThrow(refusal('E-VAL-INVALID'));
});

test('H5: a body that does not come to its end is given up after 30 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const slow = new Readable({ read: () => undefined });
  slow.push('{"a":');
  const asked = ask(slow);
  const refused = expect(asked).rejects.toThrow(refusal('E-VAL-INVALID'));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(slow.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(1_001);
  await refused;
  expect(slow.destroyed).toBe(true);
});

test('H5: JSON nests 64 deep; brackets in texts do not count', async () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(await ask(ofChunks(nested(64)))).toHaveLength(1);
  await expect(ask(ofChunks(nested(65)))).rejects.toThrow(refusal('E-VAL-INVALID'));
  const text = JSON.stringify({ a: `${'[{'.repeat(200)}\\"`, b: '"[[[' });
  expect(await ask(ofChunks(text))).toEqual(JSON.parse(text));
});
