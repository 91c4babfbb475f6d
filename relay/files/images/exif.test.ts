import sharp, { type Exif } from 'sharp';
import { describe, expect, test } from 'vitest';
import { createPicture, withCamera } from '../../test/pictures.ts';
import { isHarmlessExif } from './exif.ts';

const readExif = async (bytes: Buffer) => (await sharp(bytes).metadata()).exif ?? Buffer.alloc(0);

describe('B8: EXIF that tells nothing', () => {
  test('B8: orientation and size are harmless; make, time, place and text are not', async () => {
    const picture = sharp(await createPicture('jpeg', 8, 8));
    const tagged = async (exif: Exif) => readExif(await picture.clone().withExif(exif).toBuffer());
    expect(isHarmlessExif(await tagged({ IFD0: { Orientation: '6' } }))).toBe(true);
    expect(isHarmlessExif(await readExif(await withCamera(8, 8)))).toBe(false);
    expect(isHarmlessExif(await tagged({ IFD0: { DateTime: '2026:11:21 06:00:00' } }))).toBe(false);
    expect(isHarmlessExif(await tagged({ IFD2: { UserComment: 'canary' } }))).toBe(false);
    expect(isHarmlessExif(await tagged({ IFD3: { GPSLatitudeRef: 'N' } }))).toBe(false);
  });

  test('B8: what is cut off, empty or goes round in circles is not harmless', async () => {
    const block = await readExif(await withCamera(8, 8));
    for (let end = 0; end < block.length; end += 1)
      expect(isHarmlessExif(block.subarray(0, end))).toBe(false);
    // Little-endian; one directory without entries at 8, whose next is itself.
    const circle = Uint8Array.of(0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0);
    expect(isHarmlessExif(circle)).toBe(false);
    expect(isHarmlessExif(Uint8Array.of(...circle.subarray(0, 10), 0, 0, 0, 0))).toBe(true);
  });
});
