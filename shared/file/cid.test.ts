import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textToBytes } from '../bytes.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import { blobId, formatBlobId } from './blob-id.ts';
import { blobIdToCid, cidToBlobId } from './cid.ts';

/** SHA-256 (FIPS 180-4) in the base32 of RFC 4648; the first is the well-known CID of nothing. */
const known = [
  ['', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
  ['hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
] as const;

describe('B7: CIDs', () => {
  it.each(known)('B7: %j has the CID that IPFS gives it', async (text, cid) => {
    const blob = await blobId(textToBytes(text));
    expect(blobIdToCid(blob)).toBe(cid);
    expect(cidToBlobId(cid)).toBe(blob);
  });

  it('B7: there and back', () =>
    holds(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (digest) => {
        const blob = formatBlobId(digest);
        expect(cidToBlobId(blobIdToCid(blob))).toBe(blob);
      }),
    ));

  const [, hello] = known[1];
  it.each([
    '',
    undefined,
    'QmWATWQ7fVPP2EFGu71UkfnqhYXDYH566qy47CnJDgvs8u',
    hello.toUpperCase(),
    hello.slice(1),
    `${hello}a`,
    // The same bytes with the spare bits of the last character set.
    `${hello.slice(0, -1)}f`,
    // The codec dag-pb instead of raw.
    hello.replace('bafkrei', 'bafybei'),
    `${hello}\n`,
  ])('B7: %j is not one of ours', async (cid) => {
    expect(await codeOf(() => cidToBlobId(cid))).toBe('E-VAL-INVALID');
  });

  it('B7: what is no blob id has no CID', async () => {
    expect(await codeOf(() => blobIdToCid('b1~x'))).toBe('E-VAL-INVALID');
  });
});
