import { digest as digestInBrowsers } from '../../node_modules/lib0/hash/sha256.js';
import { expect, it } from 'vitest';
import { sha256 } from '../bytes.ts';
import { digestRow } from './digest.ts';

it('S3: a short row has the same hash whoever makes it: WebCrypto, Node or a browser', async () => {
  for (let length = 0; length <= 1100; length += length < 260 ? 1 : 60) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 255);
    const expected = await sha256(bytes);
    expect(await digestRow(bytes)).toEqual(expected);
    expect(new Uint8Array(digestInBrowsers(bytes))).toEqual(expected);
  }
});
