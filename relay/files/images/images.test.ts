import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobId } from '../../../shared/file/blob-id.ts';
import type { Variant } from '../../../shared/file/descriptor.ts';
import { codeOf } from '../../../shared/test/vectors.ts';
import { type Blobs, openBlobs } from '../../store/blobs/blobs.ts';
import { eventually } from '../../test/network.ts';
import { createBombPng, createPicture, withCamera } from '../../test/pictures.ts';
import { createDecoder, type Decoder } from './decoder.ts';
import { type Images, openImages } from './images.ts';

describe('pictures are opened by a process of their own', () => {
  let folder: string;
  let blobs: Blobs;
  let decoder: Decoder;
  let images: Images;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-images-'));
    const parts = { place: { kind: 'local' as const }, folder, now: Date.now, report: console.error };
    blobs = await openBlobs(parts);
    decoder = createDecoder({ idle: 300 });
    images = await openImages(join(folder, 'images'), blobs, decoder);
  });
  afterAll(async () => {
    await images.close();
    await rm(folder, { recursive: true });
  });

  const store = async (bytes: Uint8Array, change: Partial<Variant> = {}): Promise<Variant> => {
    const blob = await blobId(Uint8Array.from(bytes));
    await blobs.write(blob, Readable.from([bytes]), bytes.length);
    return { name: 'vis.md', blob, format: 'webp', size: bytes.length, width: 40, height: 30, ...change };
  };
  const verdict = async (bytes: Uint8Array, change: Partial<Variant> = {}) => {
    const variant = await store(bytes, change);
    return codeOf(() => images.check(variant));
  };

  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'B8: %s that is what it says passes',
    async (format) => {
      const bytes = await createPicture(format, 40, 30);
      expect(await images.check(await store(bytes, { format }))).toBe(true);
      expect(await verdict(bytes, { format, width: 41 })).toBe('E-FILE-INVALID');
      expect(await verdict(bytes, { format, height: 29 })).toBe('E-FILE-INVALID');
    },
  );

  test('B8: another format than is claimed is refused, SVG and HTML under any name', async () => {
    expect(await verdict(await createPicture('png', 40, 30), { format: 'jpeg' })).toBe('E-FILE-INVALID');
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>',
    );
    for (const name of ['vis.md', 'vis.orig']) {
      expect(await verdict(svg, { name, format: 'png' })).toBe('E-FILE-INVALID');
      expect(await verdict(Buffer.from('<script>alert(1)</script>'), { name, format: 'jpeg' })).toBe(
        'E-FILE-INVALID',
      );
    }
  });

  test("B8: a camera's metadata is refused in a rendition and taken in the original", async () => {
    const bytes = await withCamera(40, 30);
    const refusal = images.check(await store(bytes, { format: 'jpeg' }));
    await expect(refusal).rejects.toThrow('vis.md carries EXIF metadata');
    expect(await images.check(await store(bytes, { name: 'vis.orig', format: 'jpeg' }))).toBe(true);
    const titled = await sharp(await createPicture('jpeg', 40, 30))
      .withXmp(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
      )
      .toBuffer();
    await expect(images.check(await store(titled, { format: 'jpeg' }))).rejects.toThrow(
      'carries XMP metadata',
    );
  });

  test('B8: what encoders write of the picture itself is no metadata', async () => {
    const turned = await sharp(await createPicture('jpeg', 40, 30))
      .withExif({ IFD0: { Orientation: '1' } })
      .toBuffer();
    expect((await sharp(turned).metadata()).exif).toBeDefined();
    expect(await images.check(await store(turned, { format: 'jpeg' }))).toBe(true);
  });

  test('B8: a rendition that ends early is refused', async () => {
    const whole = await createPicture('jpeg', 400, 300);
    const change = { format: 'jpeg', width: 400, height: 300 };
    expect(await verdict(whole.subarray(0, whole.length >> 1), change)).toBe('E-FILE-INVALID');
    expect(await images.check(await store(whole, change))).toBe(true);
  });

  test('B8: 50,000 × 50,000 pixels are refused by the header', async () => {
    const change = { name: 'vis.orig', format: 'png', width: 50_000, height: 50_000 };
    await expect(images.check(await store(createBombPng(50_000, 50_000), change))).rejects.toThrow(
      'megapixels',
    );
  });

  test('B8: fewer pixels are refused too when they would fill the memory: 81 megapixels of 64 bits', async () => {
    const change = { name: 'vis.orig', format: 'png', width: 9000, height: 9000 };
    const deep = createBombPng(9000, 9000, { depth: 16, colour: 6 });
    await expect(images.check(await store(deep, change))).rejects.toThrow('too many bits');
    expect(await images.check(await store(createBombPng(9000, 9000), change))).toBe(true);
  });

  test('B8: renditions are upright webp without metadata', async () => {
    const bytes = await withCamera(600, 300, 6);
    const variant = await store(bytes, { name: 'vis.orig', format: 'jpeg', width: 600, height: 300 });
    const sizes = [
      { name: 'vis.tn', edge: 256, crop: false },
      { name: 'vis.pf', edge: 80, crop: true },
      { name: 'vis.md', edge: 1280, crop: false },
    ];
    const made = await images.render(variant, sizes);
    expect(made.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['vis.tn', 128, 256],
      ['vis.pf', 80, 80],
      ['vis.md', 300, 600],
    ]);
    for (const { bytes: rendition } of made) {
      const seen = await sharp(rendition).metadata();
      expect(seen.format).toBe('webp');
      expect([seen.exif, seen.xmp, seen.iptc, seen.orientation]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(await readdir(join(folder, 'images'))).toEqual([]);
  });

  test('the process ends when nothing comes, begins again, and is not this one', async () => {
    const variant = await store(await createPicture('png', 40, 30), { format: 'png' });
    await images.check(variant);
    const first = decoder.pid;
    expect(first).toBeGreaterThan(0);
    await eventually('the process ends', () => Promise.resolve(decoder.pid === undefined ? true : undefined));
    await images.check(variant);
    expect(decoder.pid).not.toBe(first);
  });

  test('many at once take turns; too many are told to come again', async () => {
    const variant = await store(await createPicture('png', 40, 30), { format: 'png' });
    const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf(() => images.check(variant))));
    expect(codes.filter((code) => code === 'E-SYS-UNAVAIL').length).toBe(13);
    expect(codes.filter((code) => code === 'accepted').length).toBe(17);
  });

  test('what breaks the process, or holds it up, ends it and nothing else', async () => {
    const impatient = createDecoder({ deadline: 5_000 });
    const file = join(folder, 'images', 'none');
    const job = { kind: 'check' as const, file, format: 'png', width: 1, height: 1, original: false };
    expect((await impatient.run(job)).kind).toBe('unreadable');
    for (const signal of ['SIGSEGV', 'SIGSTOP'] as const) {
      process.kill(impatient.pid!, signal);
      expect((await impatient.run(job)).kind).toBe('broken');
      expect(impatient.pid).toBeUndefined();
      expect((await impatient.run(job)).kind).toBe('unreadable');
    }
    await impatient.close();
  });
});
