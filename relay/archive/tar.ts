import { IsletError } from '../../shared/errors.ts';

/** Bytes of a block: headers have one, contents are filled up to whole ones. */
export const blockSize = 512;

const encoder = new TextEncoder();
const most = 2 ** 53 - 1;

/** Where a content of so many bytes ends. */
export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

/** `mtime` in seconds. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
}

/** A header of a plain file (POSIX.1-1988 ustar; sizes from 8 GiB on in base 256, as GNU tar writes them). */
export function formatHeader({ name, size, mtime }: TarEntry): Uint8Array {
  const block = new Uint8Array(blockSize);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  put(0, name);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  if (size < 8 ** 11) put(124, `${size.toString(8).padStart(11, '0')}\0`);
  else putBig(block, size);
  put(136, `${mtime.toString(8).padStart(11, '0')}\0`);
  put(156, '0');
  put(257, 'ustar\x0000');
  put(148, `${sumOf(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

function putBig(block: Uint8Array, size: number): void {
  const view = new DataView(block.buffer);
  view.setUint8(124, 0x80);
  view.setBigUint64(128, BigInt(size));
}

/** The sum over the header, its own eight bytes counted as spaces. */
function sumOf(block: Uint8Array): number {
  return block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

const invalid = (why: string, value?: unknown) => new IsletError('E-ARCHIVE-INVALID', why, value);

/**
 * Takes plain files alone: nothing that links, makes folders or renames what follows.
 * @returns undefined for a block of zeros, which ends the archive
 * @throws IsletError E-ARCHIVE-INVALID
 */
export function parseHeader(block: Uint8Array): Omit<TarEntry, 'mtime'> | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (start: number, length: number) =>
    Buffer.from(block.subarray(start, start + length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  if (text(257, 5) !== 'ustar' || parseInt(text(148, 8), 8) !== sumOf(block))
    throw invalid('the archive is damaged: a header cannot be read');
  if (!['0', ''].includes(text(156, 1)) || text(345, 155) !== '')
    throw invalid('the archive holds something that is no plain file', text(0, 100));
  const size = parseSize(block, text(124, 12));
  return { name: text(0, 100), size };
}

function parseSize(block: Uint8Array, octal: string): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const isBig = block[124] === 0x80 && block.subarray(125, 128).every((byte) => byte === 0);
  const size = isBig
    ? Number(view.getBigUint64(128))
    : /^[0-7]{1,11} ?$/.test(octal)
      ? parseInt(octal, 8)
      : -1;
  if (size < 0 || size > most) throw invalid('the archive is damaged: a size cannot be read', octal);
  return size;
}
