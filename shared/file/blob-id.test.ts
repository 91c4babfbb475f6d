import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, textToBytes } from '../bytes.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import {
  blobId,
  fileId,
  formatBlobId,
  formatDescriptor,
  isBlobId,
  parseDescriptor,
  type Variant,
} from './blob-id.ts';

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

const variant = (change: Partial<Variant> = {}): Variant => ({
  name: 'vis.md',
  blob: nothing,
  format: 'webp',
  size: 10,
  width: 3,
  height: 2,
  ...change,
});

describe('B3: descriptors', () => {
  it('B3: variants are sorted by size, width, height and name', () => {
    const one = variant({ name: 'vis.tn', size: 9, width: 900 });
    const two = variant({ size: 10, width: 1, height: 9 });
    const three = variant({ size: 10, width: 2, height: 1 });
    const four = variant({ size: 10, width: 2, height: 2 });
    const five = variant({ name: 'vis.sd', size: 10, width: 2, height: 2 });
    const text = formatDescriptor([five, three, one, four, two]);
    expect(text).toBe(formatDescriptor([one, two, three, four, five]));
    expect(parseDescriptor(text)).toEqual([one, two, three, four, five]);
    expect(formatDescriptor([one])).toBe(`d2,vis.tn:${nothing}:f=webp:s=9:r=900x2`);
  });

  it('B3: the order in which variants are given does not matter', () =>
    holds(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('vis.tn', 'vis.sd', 'vis.md'),
            size: fc.nat(3),
            width: fc.nat(2),
            height: fc.nat(2),
          }),
          {
            minLength: 1,
            maxLength: 6,
            selector: (made) => JSON.stringify(made),
          },
        ),
        async (made) => {
          const text = formatDescriptor(made.map(variant));
          expect(formatDescriptor(made.toReversed().map(variant))).toBe(text);
          expect(formatDescriptor(parseDescriptor(text))).toBe(text);
        },
      ),
    ));

  it('B3: passes over the root of a neighbour and the length of a video', () => {
    const text = `d2,vid.sd:${nothing}:f=mp4:s=5:r=3x2:dur=1.5:br=900;R=abc`;
    expect(parseDescriptor(text)).toEqual([variant({ name: 'vid.sd', format: 'mp4', size: 5 })]);
  });

  it.each([
    '',
    'd1,x',
    'd2,',
    'd2,;',
    `d2,vis.md:${nothing}`,
    `d2,vis.md:${nothing}:f=webp:s=-1:r=1x1`,
    `d2,vis.xx:${nothing}:f=webp:s=1:r=1x1`,
    `d2,vis.md:b1~x:f=webp:s=1:r=1x1`,
    `d2,vis.md:${nothing}:f=../x:s=1:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:onload=1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1\n`,
    `d2,${'a'.repeat(20_000)}`,
    undefined,
  ])('B3: refuses %j', async (text) => {
    expect(await codeOf(() => parseDescriptor(text))).toBe('E-VAL-INVALID');
  });
});
