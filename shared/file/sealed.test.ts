import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, concatBytes, textToBytes } from '../bytes.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import {
  createSeal,
  headerLength,
  openRange,
  openSeal,
  openStream,
  type Seal,
  sealedSize,
  sealStream,
} from './sealed.ts';

const log2 = 16;
const chunk = 2 ** log2;
const sealedChunk = chunk + 16;
const key = new Uint8Array(32).fill(7);
let count = 0;
/** Different every time, and the same in every run. */
const random = (n: number): Bytes => new Uint8Array(n).fill(++count & 255);

function content(size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255);
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(...all);
}

async function sealAll(bytes: Uint8Array, under = key, pieces = 50_000): Promise<Bytes> {
  return gather(sealStream(inPieces(bytes, pieces), await createSeal(under, { random, log2 })));
}

const openAll = (sealed: Uint8Array, under = key, pieces = 70_001): Promise<Bytes> =>
  gather(openStream(inPieces(sealed, pieces), under));

/** The sealed form with its chunks in another order, some left out or twice. */
function rearranged(sealed: Uint8Array, order: readonly number[]): Bytes {
  const at = (i: number): Uint8Array =>
    sealed.subarray(headerLength + i * sealedChunk, headerLength + (i + 1) * sealedChunk);
  return concatBytes(sealed.subarray(0, headerLength), ...order.map(at));
}

function flipped(bytes: Uint8Array, at: number): Bytes {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
}

describe('E1–E3: sealed bytes', () => {
  it.each([0, 1, 100, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17])(
    'E1: %i bytes come back, and the sealed form is as long as was said',
    async (size) => {
      const plain = content(size);
      const sealed = await sealAll(plain);
      expect(sealed.length).toBe(sealedSize(size, log2));
      expect(Buffer.from(await openAll(sealed)).equals(plain)).toBe(true);
    },
  );

  it('E1: in whatever pieces the bytes come', () =>
    holds(
      fc.asyncProperty(
        fc.nat(3 * chunk),
        fc.integer({ min: 500, max: 200_000 }),
        fc.integer({ min: 500, max: 200_000 }),
        async (size, inward, outward) => {
          const plain = content(size);
          const opened = await openAll(await sealAll(plain, key, inward), key, outward);
          expect(Buffer.from(opened).equals(plain)).toBe(true);
        },
      ),
      { runs: 30 },
    ));

  it('E1: what it says is not to be found in it, and the same bytes are never sealed alike', async () => {
    const plain = textToBytes('canary '.repeat(40));
    const [first, second] = [await sealAll(plain), await sealAll(plain)];
    expect(Buffer.from(first).includes('canary')).toBe(false);
    expect(Buffer.from(first).equals(second)).toBe(false);
  });

  it('E2: one flipped byte anywhere is found', async () => {
    const sealed = await sealAll(content(2 * chunk + 5));
    const places = [headerLength, headerLength + chunk, headerLength + sealedChunk, sealed.length - 1];
    for (const at of places)
      expect(await codeOf(() => openAll(flipped(sealed, at)))).toBe('E-SEALED-DAMAGED');
    for (let at = 0; at < headerLength; at++)
      expect(['E-SEALED-FORMAT', 'E-SEALED-DAMAGED']).toContain(
        await codeOf(() => openAll(flipped(sealed, at))),
      );
  });

  it.each([
    ['swapped', [1, 0, 2]],
    ['left out', [0, 2]],
    ['left out at the beginning', [1, 2]],
    ['twice', [0, 1, 1, 2]],
    ['cut off at the edge of a chunk', [0, 1]],
    ['cut off altogether', []],
    ['one too many', [0, 1, 2, 2]],
  ])('E2: a chunk %s is found', async (_, order) => {
    const sealed = await sealAll(content(3 * chunk));
    expect(await codeOf(() => openAll(rearranged(sealed, [0, 1, 2])))).toBe('accepted');
    expect(await codeOf(() => openAll(rearranged(sealed, order)))).toBe('E-SEALED-DAMAGED');
  });

  it('E2: a chunk of another sealed form does not fit, nor the header of another', async () => {
    const [one, other] = [await sealAll(content(2 * chunk)), await sealAll(content(2 * chunk))];
    const mixed = concatBytes(
      one.subarray(0, headerLength + sealedChunk),
      other.subarray(headerLength + sealedChunk),
    );
    expect(await codeOf(() => openAll(mixed))).toBe('E-SEALED-DAMAGED');
    const headed = concatBytes(other.subarray(0, headerLength), one.subarray(headerLength));
    expect(await codeOf(() => openAll(headed))).toBe('E-SEALED-DAMAGED');
  });

  it('E3: another key, what is not sealed, and a later version get different words', async () => {
    const sealed = await sealAll(content(10));
    expect(await codeOf(() => openAll(sealed, new Uint8Array(32).fill(8)))).toBe('E-SEALED-KEY');
    expect(await codeOf(() => openAll(textToBytes('%PDF-1.7 and so on, for long enough')))).toBe(
      'E-SEALED-FORMAT',
    );
    expect(await codeOf(() => openAll(sealed.subarray(0, 20)))).toBe('E-SEALED-FORMAT');
    const later = new Uint8Array(sealed);
    later[7] = 2;
    await expect(openAll(later)).rejects.toThrow('later version');
    for (const size of [0, 15, 21, 255]) {
      const other = new Uint8Array(sealed);
      other[8] = size;
      expect(await codeOf(() => openAll(other))).toBe('E-SEALED-FORMAT');
    }
  });
});

describe('E4: parts of sealed bytes', () => {
  async function readPart(sealed: Uint8Array, part: { start: number; end: number; size: number }) {
    const seal: Seal = await openSeal(sealed.subarray(0, headerLength), key);
    const asked: number[] = [];
    const read = ({ start, end }: { start: number; end: number }) => {
      asked.push(end - start + 1);
      return Promise.resolve(sealed.subarray(start, end + 1));
    };
    return { bytes: await gather(openRange(read, seal, part)), asked };
  }

  it('E4: any part is opened from the chunks that cover it', () =>
    holds(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 * chunk }), fc.nat(), fc.nat(), async (size, one, two) => {
        const [start, end] = [one % size, two % size].sort((a, b) => a - b) as [number, number];
        const plain = content(size);
        const { bytes, asked } = await readPart(await sealAll(plain), { start, end, size });
        expect(Buffer.from(bytes).equals(plain.subarray(start, end + 1))).toBe(true);
        const chunks = Math.floor(end / chunk) - Math.floor(start / chunk) + 1;
        expect(asked.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(chunks * sealedChunk);
      }),
      { runs: 40 },
    ));

  it('E4: nothing has one empty chunk, which is looked at', async () => {
    const { bytes, asked } = await readPart(await sealAll(content(0)), { start: 0, end: -1, size: 0 });
    expect([bytes.length, asked]).toEqual([0, [16]]);
  });

  it('E4: a part of a shorter or longer content than was said does not open at its end', async () => {
    const sealed = await sealAll(content(2 * chunk));
    for (const size of [chunk, 2 * chunk + 1])
      expect(await codeOf(() => readPart(sealed, { start: 0, end: size - 1, size }))).toBe(
        'E-SEALED-DAMAGED',
      );
  });
});
