import { describe, expect, it } from 'vitest';
import { fileKind } from './kinds.ts';
import { readImageHeader } from './image-header.ts';
import { planRenditions } from './renditions/sizes.ts';

/** Bytes of numbers, and of the characters of texts. */
function bytes(...parts: (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number' ? [part] : [...part].map((character) => character.charCodeAt(0)),
    ),
  );
}

const zeros = (n: number): number[] => new Array<number>(n).fill(0);

const png = bytes('\x89PNG\r\n\x1a\n', 0, 0, 0, 13, 'IHDR', 0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50, 8, 6);
const jpeg = bytes(0xff, 0xd8, 0xff, 0xe1, 0, 6, 'Exif', 0xff, 0xc0, 0, 17, 8, 2, 88, 3, 32, 3, ...zeros(8));
const gif = bytes('GIF89a', 0x40, 1, 0xf0, 0, 0, 0);
const lossy = bytes(
  'RIFF',
  ...zeros(4),
  'WEBPVP8 ',
  ...zeros(4),
  ...zeros(3),
  0x9d,
  1,
  0x2a,
  0x20,
  3,
  0x58,
  2,
);
const extended = bytes('RIFF', ...zeros(4), 'WEBPVP8X', ...zeros(4), ...zeros(4), 0x1f, 3, 0, 0x57, 2, 0);
const lossless = bytes('RIFF', ...zeros(4), 'WEBPVP8L', ...zeros(4), 0x2f, 0x1f, 0xc3, 0x95, 0, 0);
const avif = bytes(
  0,
  0,
  0,
  28,
  'ftypavif',
  ...zeros(16),
  'ispe',
  ...zeros(4),
  0,
  0,
  3,
  32,
  0,
  0,
  2,
  88,
  ...zeros(16),
);

describe('the header of a picture', () => {
  it('tells format and extent without decoding', () => {
    expect(readImageHeader(png)).toEqual({ mime: 'image/png', width: 50_000, height: 50_000 });
    expect(readImageHeader(jpeg)).toEqual({ mime: 'image/jpeg', width: 800, height: 600 });
    expect(readImageHeader(gif)).toEqual({ mime: 'image/gif', width: 320, height: 240 });
    for (const webp of [lossy, extended, lossless])
      expect(readImageHeader(webp)).toEqual({ mime: 'image/webp', width: 800, height: 600 });
    expect(readImageHeader(avif)).toEqual({ mime: 'image/avif', width: 800, height: 600 });
  });

  it('says nothing of what is cut short, or is none', () => {
    for (const picture of [png, jpeg, gif, lossy, extended, lossless, avif])
      for (let length = 0; length < 20 && length < picture.length - 12; length++)
        expect(readImageHeader(picture.slice(0, length))).toBeUndefined();
    const others = [
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '<!doctype html><script></script>',
      '%PDF-1.7',
    ];
    for (const text of others) expect(readImageHeader(bytes(text, ...zeros(64)))).toBeUndefined();
  });
});

describe('kinds and sizes', () => {
  it('a file is what its name and the browser say; an SVG is never a picture to render', () => {
    expect(fileKind('a.JPG', '')).toEqual({ mime: 'image/jpeg', format: 'jpeg', class: 'vis' });
    expect(fileKind('a.svg', 'image/svg+xml')).toMatchObject({ format: 'svg', class: 'raw' });
    expect(fileKind('a.mp4', 'video/mp4')).toEqual({ mime: 'video/mp4', format: 'mp4', class: 'vid' });
    expect(fileKind('a.pdf', '')).toMatchObject({ class: 'doc', format: 'pdf' });
    expect(fileKind('noending', 'x\0y/z')).toEqual({
      ...{ mime: 'application/octet-stream', format: 'bin', class: 'raw' },
    });
    expect(fileKind('a.constructor', '').mime).toBe('application/octet-stream');
  });

  it('B8: renditions fit their squares, keep the form, and never exceed the picture', () => {
    expect(planRenditions(4000, 3000)).toEqual([
      { name: 'vis.hd', width: 1920, height: 1440 },
      { name: 'vis.md', width: 1280, height: 960 },
      { name: 'vis.sd', width: 720, height: 540 },
      { name: 'vis.tn', width: 256, height: 192 },
    ]);
    expect(planRenditions(720, 10_000).map(({ name }) => name)).toHaveLength(4);
    expect(planRenditions(10_000, 1).at(-1)).toEqual({ name: 'vis.tn', width: 256, height: 1 });
    expect(planRenditions(256, 256)).toEqual([]);
  });
});
