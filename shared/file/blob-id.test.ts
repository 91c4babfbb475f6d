import { describe, expect, it } from 'vitest';
import { sha256, textToBytes } from '../bytes.ts';
import { blobId, fileId, formatBlobId, isBlobId } from './blob-id.ts';

/** SHA-256 of nothing and of "abc" (FIPS 180-4 examples), base64url. */
const nothing = 'b1~47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';
const abc = 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0';

describe('B1, B2: names of bytes', () => {
  it('B1: a blob is named by its bytes', async () => {
    expect(await blobId(new Uint8Array())).toBe(nothing);
    expect(await blobId(textToBytes('abc'))).toBe(`b1~${abc}`);
    expect(formatBlobId(await sha256(textToBytes('abc')))).toBe(`b1~${abc}`);
  });

  it('B2: a file is named by the text of its descriptor', async () => {
    expect(await fileId('abc')).toBe(`f1~${abc}`);
  });

  it.each([
    '',
    'b1~',
    `f1~${abc}`,
    `b1~${abc}=`,
    `b1~${abc}a`,
    `b1~../${abc.slice(3)}`,
    ` b1~${abc}`,
    `b1~${abc}\n`,
    undefined,
    1,
  ])('B1: %j is no blob', (id) => {
    expect(isBlobId(id)).toBe(false);
  });
});
