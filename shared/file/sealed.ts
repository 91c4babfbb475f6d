import { type Bytes, concatBytes, copyBytes, equalBytes, type Random, textToBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { decryptAes, deriveBytes, encryptAes, importAesKey } from './derive.ts';

/**
 * The sealed form of bytes (SPEC E1–E3): the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015) over
 * AES-256-GCM, so that any chunk can be opened by itself and none can be changed, moved, left out or cut off.
 */
const magic = textToBytes('ISLSEAL');
const version = 1;
const prefixLength = 7;
const checkLength = 16;
const tagLength = 16;
/** Bytes of the header: magic, version, log2 of the chunk size, nonce prefix, check of the key. */
export const headerLength = magic.length + 2 + prefixLength + checkLength;
const prefixAt = magic.length + 2;
const checkAt = prefixAt + prefixLength;

/** log2 of the chunk size that we write: 256 KiB. */
export const defaultChunk = 18;
const smallestChunk = 16;
const largestChunk = 20;

export interface Chunk {
  /** Counted from 0. */
  readonly index: number;
  readonly last: boolean;
  readonly bytes: Uint8Array;
}

/** The key of one sealed content, ready for its chunks. */
export interface Seal {
  readonly header: Bytes;
  /** Bytes of content in every chunk but the last. */
  readonly chunkSize: number;
  sealChunk(chunk: Chunk): Promise<Bytes>;
  /** @throws IsletError E-SEALED-DAMAGED */
  openChunk(chunk: Chunk): Promise<Bytes>;
}

function countChunks(size: number, chunkSize: number): number {
  return Math.max(1, Math.ceil(size / chunkSize));
}

/** Bytes of the sealed form of `size` bytes. */
export function sealedSize(size: number, log2 = defaultChunk): number {
  return headerLength + size + tagLength * countChunks(size, 2 ** log2);
}

/** Begins a sealed content under `key`, which is of 32 random bytes and for this content alone (SPEC E1). */
export async function createSeal(
  key: Uint8Array,
  { random, log2 = defaultChunk }: { random: Random; log2?: number },
): Promise<Seal> {
  const start = concatBytes(magic, Uint8Array.of(version, log2), random(prefixLength));
  return readySeal(concatBytes(start, await checkOf(key)), key);
}

/**
 * Reads the header of a sealed content.
 * @throws IsletError E-SEALED-FORMAT (not sealed, or by a later version), E-SEALED-KEY (sealed under another key), E-SEALED-DAMAGED
 */
export async function openSeal(header: Uint8Array, key: Uint8Array): Promise<Seal> {
  const log2 = header[magic.length + 1] ?? 0;
  if (header.length < headerLength || !equalBytes(header.subarray(0, magic.length), magic))
    throw new IsletError('E-SEALED-FORMAT', 'this is not a sealed file');
  if (header[magic.length] !== version)
    throw new IsletError('E-SEALED-FORMAT', 'this file was sealed by a later version');
  if (log2 < smallestChunk || log2 > largestChunk)
    throw new IsletError('E-SEALED-FORMAT', 'the chunks of this sealed file have no permitted size', log2);
  const whole = copyBytes(header.subarray(0, headerLength));
  assertCheck(whole.subarray(checkAt), await checkOf(key));
  return readySeal(whole, key);
}

function checkOf(key: Uint8Array): Promise<Bytes> {
  return deriveBytes(key, { info: 'islet-sealed-check-1', length: checkLength });
}

/** Another key gives another check altogether; a check that differs a little is one that was damaged. */
function assertCheck(found: Uint8Array, wanted: Uint8Array): void {
  const alike = found.filter((byte, i) => byte === wanted[i]).length;
  if (alike === checkLength) return;
  if (alike < checkLength / 2) throw new IsletError('E-SEALED-KEY', 'this file was sealed with another key');
  throw new IsletError('E-SEALED-DAMAGED', 'the beginning of this sealed file is damaged');
}

async function readySeal(header: Bytes, secret: Uint8Array): Promise<Seal> {
  const bytes = await deriveBytes(secret, {
    salt: header.subarray(0, checkAt),
    info: 'islet-sealed-chunks-1',
    length: 32,
  });
  const key = await importAesKey(bytes);
  const chunkSize = 2 ** header[magic.length + 1]!;
  const prefix = header.subarray(prefixAt, checkAt);
  return {
    header,
    chunkSize,
    sealChunk: (chunk) =>
      encryptAes({ key, nonce: chunkNonce(prefix, chunk), bound: header, bytes: chunk.bytes }),
    openChunk: async (chunk) => {
      const nonce = chunkNonce(prefix, chunk);
      const opened = await decryptAes({ key, nonce, bound: header, bytes: chunk.bytes });
      if (opened) return opened;
      throw new IsletError('E-SEALED-DAMAGED', 'a part of this sealed file is damaged', chunk.index);
    },
  };
}

/** SPEC E2: prefix, place and whether it is the last: a chunk opens nowhere but where it was sealed. */
function chunkNonce(prefix: Uint8Array, { index, last }: Chunk): Bytes {
  if (index > 0xffff_ffff) throw new IsletError('E-SEALED-FORMAT', 'too long to be sealed', index);
  const nonce = new Uint8Array(12);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(prefixLength, index);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Pieces of exactly `size` bytes, and a last one that may be shorter; nothing at all is one empty piece. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Chunk> {
  let held = new Uint8Array(size);
  let filled = 0;
  let index = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      if (filled === size) {
        yield { index, last: false, bytes: held };
        [held, filled, index] = [new Uint8Array(size), 0, index + 1];
      }
      const part = piece.subarray(at, at + size - filled);
      held.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  yield { index, last: true, bytes: held.subarray(0, filled) };
}

/** The sealed form, piece by piece; holds one chunk in memory. */
export async function* sealStream(source: AsyncIterable<Uint8Array>, seal: Seal): AsyncGenerator<Bytes> {
  yield seal.header;
  for await (const chunk of cut(source, seal.chunkSize)) yield await seal.sealChunk(chunk);
}

/**
 * The content of a whole sealed form, chunk by chunk as it proves to be whole. What was given before an error is right as far
 * as it goes, and not all of it. @throws IsletError as openSeal and openChunk
 */
export async function* openStream(source: AsyncIterable<Uint8Array>, key: Uint8Array): AsyncGenerator<Bytes> {
  const pieces = source[Symbol.asyncIterator]();
  let start: Bytes = new Uint8Array();
  while (start.length < headerLength) {
    const { done, value } = await pieces.next();
    if (done) break;
    start = concatBytes(start, value);
  }
  const seal = await openSeal(start, key);
  const rest = (async function* () {
    yield start.subarray(headerLength);
    yield* { [Symbol.asyncIterator]: () => pieces };
  })();
  for await (const chunk of cut(rest, seal.chunkSize + tagLength)) yield await seal.openChunk(chunk);
}

/** A part of the content, in bytes from 0; `end` is the last one of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Reads part of the sealed form. */
export type ReadSealed = (range: ByteRange) => Promise<Uint8Array>;

/** Chunks that are read in one go. */
const chunksAtOnce = 4;

/**
 * The content from `start` to `end`, read and opened by the chunks that cover it. `size` is that of the whole content: it says
 * which chunk is the last. @throws IsletError E-SEALED-DAMAGED
 */
export async function* openRange(
  read: ReadSealed,
  seal: Seal,
  { start, end, size }: ByteRange & { size: number },
): AsyncGenerator<Bytes> {
  const { chunkSize } = seal;
  const sealedChunk = chunkSize + tagLength;
  const lastIndex = countChunks(size, chunkSize) - 1;
  const final = Math.min(lastIndex, Math.floor(Math.max(end, start) / chunkSize));
  for (let from = Math.floor(start / chunkSize); from <= final; from += chunksAtOnce) {
    const to = Math.min(from + chunksAtOnce - 1, final);
    const stop = to === lastIndex ? sealedEnd(size, chunkSize) : headerLength + (to + 1) * sealedChunk;
    const bytes = await read({ start: headerLength + from * sealedChunk, end: stop - 1 });
    for (let index = from; index <= to; index++) {
      const at = (index - from) * sealedChunk;
      const sealed = bytes.subarray(at, at + sealedChunk);
      const opened = await seal.openChunk({ index, last: index === lastIndex, bytes: sealed });
      const skip = Math.max(0, start - index * chunkSize);
      yield opened.subarray(skip, Math.max(skip, end + 1 - index * chunkSize));
    }
  }
}

function sealedEnd(size: number, chunkSize: number): number {
  return sealedSize(size, Math.log2(chunkSize));
}
