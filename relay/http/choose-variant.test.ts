import { describe, expect, test } from 'vitest';
import type { Variant } from '../../shared/file/descriptor.ts';
import { codeOf } from '../../shared/test/vectors.ts';
import { chooseVariant, parseVariantName } from './choose-variant.ts';

const variant = (name: string, width = 0, format = 'webp'): Variant => ({
  ...{ name, blob: `b1~${'A'.repeat(43)}`, format, size: width + 1, width, height: width },
});
const photo = [
  variant('vis.tn', 256),
  variant('vis.sd', 720),
  variant('vis.md', 1280),
  variant('vis.orig', 4000, 'jpeg'),
];
const nameOf = (here: readonly Variant[], name?: string) => chooseVariant(here, name)?.name;

describe('B6: which rendition is answered', () => {
  test('B6: the one of that name, or the nearest that is here, smaller before larger', () => {
    expect(nameOf(photo, 'vis.sd')).toBe('vis.sd');
    expect(nameOf(photo, 'vis.hd')).toBe('vis.md');
    expect(nameOf(photo, 'vis.pf')).toBe('vis.tn');
    expect(nameOf([variant('vis.tn', 256), variant('vis.orig', 300, 'png')], 'vis.sd')).toBe('vis.orig');
    expect(nameOf([variant('vis.tn', 256), variant('vis.orig', 300, 'tiff')], 'vis.sd')).toBe('vis.tn');
    expect(nameOf([variant('raw.orig')], 'vis.sd')).toBeUndefined();
    expect(nameOf([], 'vis.sd')).toBeUndefined();
  });

  test('B6: without a name the best for showing, the original of what is no picture', () => {
    expect(nameOf(photo)).toBe('vis.md');
    expect(nameOf([variant('vis.tn', 256), variant('vid.orig', 1920, 'mp4')])).toBe('vid.orig');
    expect(nameOf([variant('raw.orig')])).toBe('raw.orig');
    expect(nameOf([variant('vis.orig', 4000, 'heic'), variant('vis.tn', 256)])).toBe('vis.tn');
    expect(nameOf([])).toBeUndefined();
  });

  test('B6: names without a class are of pictures; nothing else is a name', async () => {
    expect(parseVariantName('tn')).toBe('vis.tn');
    expect(parseVariantName('vid.orig')).toBe('vid.orig');
    expect(parseVariantName(undefined)).toBeUndefined();
    for (const name of ['huge', 'vis.', '../vis.tn', ['vis.tn', 'vis.sd']])
      expect(await codeOf(() => parseVariantName(name))).toBe('E-VAL-INVALID');
  });
});
