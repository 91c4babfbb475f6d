import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import { fileId } from './blob-id.ts';
import { formatDescriptor, parseDescriptor, type Variant } from './descriptor.ts';

/** SHA-256 of nothing (FIPS 180-4 examples). */
const nothing = 'b1~47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';

const variant = (change: Partial<Variant> = {}): Variant => ({
  name: 'vis.md',
  blob: nothing,
  format: 'webp',
  size: 10,
  width: 3,
  height: 2,
  ...change,
});

const names = ['vis.tn', 'vis.sd', 'vis.md', 'vid.sd', 'vid.orig', 'aud.orig', 'doc.orig', 'raw.orig'];
const anyVariants = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom(...names),
      size: fc.nat(3),
      width: fc.nat(2),
      height: fc.nat(2),
      duration: fc.integer({ min: 1, max: 4_000_000 }).map((ms) => ms / 1000),
      bitrate: fc.integer({ min: 1, max: 99_999 }),
      pages: fc.integer({ min: 1, max: 9999 }),
    },
    { requiredKeys: ['name', 'size', 'width', 'height'] },
  ),
  { minLength: 1, maxLength: 6, selector: ({ name }) => name },
);

describe('B3: descriptors', () => {
  it('B3: variants are sorted by size, width, height and name', () => {
    const one = variant({ name: 'vis.tn', size: 9, width: 900 });
    const two = variant({ name: 'vis.hd', width: 1, height: 9 });
    const three = variant({ name: 'vis.pf', width: 2, height: 1 });
    const four = variant({ name: 'vis.md', width: 2, height: 2 });
    const five = variant({ name: 'vis.sd', width: 2, height: 2 });
    const text = formatDescriptor([five, three, one, four, two]);
    expect(parseDescriptor(text)).toEqual([one, two, three, four, five]);
    expect(formatDescriptor([one])).toBe(`d2,vis.tn:${nothing}:f=webp:s=9:r=900x2`);
  });

  it('B3: the order in which variants are given does not matter, and reading gives back what was written', () =>
    holds(
      fc.asyncProperty(anyVariants, async (made) => {
        const variants = made.map(variant);
        const text = formatDescriptor(variants);
        expect(formatDescriptor(variants.toReversed())).toBe(text);
        expect(formatDescriptor(parseDescriptor(text))).toBe(text);
        expect(new Set(parseDescriptor(text))).toEqual(new Set(variants));
      }),
    ));

  it('B3: length, bit rate and pages stand behind the extent, in this order, and are left out when they are 0', () => {
    const film = variant({ name: 'vid.orig', format: 'mp4', duration: 120.5, bitrate: 900 });
    expect(formatDescriptor([film])).toBe(`d2,vid.orig:${nothing}:f=mp4:s=10:r=3x2:dur=120.5:br=900`);
    const paper = variant({ name: 'doc.orig', format: 'pdf', width: 0, height: 0, pages: 12, duration: 0 });
    expect(formatDescriptor([paper])).toBe(`d2,doc.orig:${nothing}:f=pdf:s=10:r=0x0:pg=12`);
    expect(formatDescriptor([variant({ duration: 2.00049 })])).toContain(':dur=2');
    expect(parseDescriptor(`d2,vis.md:${nothing}:f=webp:s=1:r=1x1:dur=0:pg=0`)).toEqual([
      variant({ size: 1, width: 1, height: 1 }),
    ]);
  });

  it.each([
    '',
    'd1,x',
    'd3,',
    'd2,',
    'd2,;',
    'd1~',
    `d2,vis.md:${nothing}`,
    `d2,vis.md:${nothing}:f=webp:s=-1:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=01:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=1e3:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=${'9'.repeat(16)}:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:dur=NaN`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:dur=1.`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:pg=1.5`,
    `d2,vis.md:${nothing}:f=webp:s=1:s=2:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1;vis.md:${nothing}:f=avif:s=2:r=1x1`,
    `d2,vis.xx:${nothing}:f=webp:s=1:r=1x1`,
    `d2,tn:${nothing}:f=webp:s=1:r=1x1`,
    `d2,vis.md:b1~x:f=webp:s=1:r=1x1`,
    `d2,vis.md:${nothing}:f=../x:s=1:r=1x1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:onload=1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1:__proto__=1`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1\n`,
    `d2,vis.md:${nothing}:f=webp:s=1:r=1x1\0`,
    `d2,${'a'.repeat(20_000)}`,
    undefined,
    7,
  ])('B3: refuses %j', async (text) => {
    expect(await codeOf(() => parseDescriptor(text))).toBe('E-VAL-INVALID');
  });
});

describe('B4: descriptors of others', () => {
  it('B4: d1 joins its variants with commas, and a name without a class is a picture', () => {
    const text = `d1~tn:${nothing}:f=webp:s=2048:r=128x128,vid.sd:${nothing}:f=mp4:s=9000:r=720x480`;
    expect(parseDescriptor(text)).toEqual([
      variant({ name: 'vis.tn', size: 2048, width: 128, height: 128 }),
      variant({ name: 'vid.sd', format: 'mp4', size: 9000, width: 720, height: 480 }),
    ]);
  });

  it('B4: an original without a class is of vis when it is a picture, and else raw', () => {
    const text = `d2,vis.tn:${nothing}:f=webp:s=9:r=3x2;orig:${nothing}:f=jpeg:s=10:r=3x2`;
    expect(parseDescriptor(text).map(({ name }) => name)).toEqual(['vis.tn', 'vis.orig']);
    expect(parseDescriptor(`d2,orig:${nothing}:f=pdf:s=10:r=0x0`)[0]?.name).toBe('raw.orig');
  });

  it('B4: a root is passed over, members may stand in another order, and the id is that of the text as it came', async () => {
    const text = `d2,R=f1~abc;vid.sd:${nothing}:s=5:f=mp4:r=3x2:br=900:dur=1.5`;
    const read = parseDescriptor(text);
    expect(read).toEqual([variant({ name: 'vid.sd', format: 'mp4', size: 5, duration: 1.5, bitrate: 900 })]);
    expect(await fileId(text)).not.toBe(await fileId(formatDescriptor(read)));
  });
});
