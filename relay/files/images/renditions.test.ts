import { describe, expect, test } from 'vitest';
import type { Variant } from '../../../shared/file/descriptor.ts';
import { missingSizes } from './renditions.ts';

const picture = (name: string, width: number, height: number, format = 'jpeg'): Variant => ({
  ...{ name, blob: `b1~${'A'.repeat(43)}`, format, size: 10, width, height },
});
const names = (variants: readonly Variant[], profile = false) =>
  missingSizes(variants, profile).map(({ name }) => name);

describe('B8: renditions that are missing', () => {
  test('B8: those that are smaller than the original and not there', () => {
    expect(names([picture('vis.orig', 4000, 3000)])).toEqual(['vis.tn', 'vis.sd', 'vis.md', 'vis.hd']);
    expect(names([picture('vis.orig', 900, 1280)])).toEqual(['vis.tn', 'vis.sd']);
    expect(names([picture('vis.orig', 200, 256)])).toEqual([]);
    expect(names([picture('vis.orig', 4000, 9), picture('vis.sd', 720, 2), picture('vis.tn', 9, 1)])).toEqual(
      ['vis.md', 'vis.hd'],
    );
  });

  test('B8: of an original that no browser shows, one of its own size besides', () => {
    expect(names([picture('vis.orig', 200, 100, 'tiff')])).toEqual(['vis.tn']);
    expect(names([picture('vis.orig', 900, 100, 'heic')])).toEqual(['vis.tn', 'vis.sd', 'vis.md']);
  });

  test('B8: a profile picture when it is asked for; nothing without an original', () => {
    expect(names([picture('vis.orig', 60, 60)], true)).toEqual(['vis.pf', 'vis.tn']);
    const made = [picture('vis.pf', 60, 60), picture('vis.tn', 60, 60)];
    expect(names([picture('vis.orig', 60, 60), ...made], true)).toEqual([]);
    expect(names([picture('vis.md', 1280, 900)], true)).toEqual([]);
    expect(names([picture('vis.orig', 4000, 3000, 'svg')])).toEqual([]);
  });
});
