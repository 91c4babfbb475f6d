import * as v from 'valibot';
import { expect, it } from 'vitest';
import { sha256 } from '../shared/bytes.ts';
import { digestRow } from '../shared/sync/digest.ts';

type Digest = (bytes: Uint8Array) => Uint8Array;
const moduleSchema = v.object({ digest: v.custom<Digest>((value) => typeof value === 'function') });
/** What browsers get of the same name: Node has its own. */
const inBrowsers = new URL('../node_modules/lib0/hash/sha256.js', import.meta.url).href;

it('S3: a short row has the same hash whoever makes it: WebCrypto, Node or a browser', async () => {
  const { digest } = v.parse(moduleSchema, { ...(await import(inBrowsers)) });
  for (let length = 0; length <= 1100; length += length < 260 ? 1 : 60) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255);
    const expected = await sha256(bytes);
    expect(await digestRow(bytes)).toEqual(expected);
    expect(new Uint8Array(digest(bytes))).toEqual(expected);
  }
});
