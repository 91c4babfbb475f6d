import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { bytesToBase64url, bytesToText } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { manifestName, namePattern, identityName, signatureName } from './form.ts';
import { blockSize, padded, parseHeader } from './tar.ts';

const invalid = (why: string, value?: unknown) => new IsletError('E-ARCHIVE-INVALID', why, value);

/** Something in an archive, and where its bytes are in the file. */
export interface ArchiveEntry {
  readonly name: string;
  readonly size: number;
  readonly start: number;
}

/** An archive whose entries were looked through; no byte of them is read yet. */
export interface Archive {
  /** In their order. */
  readonly entries: readonly ArchiveEntry[];
  find(name: string): ArchiveEntry | undefined;
  /** As it comes from the disk. */
  read(entry: ArchiveEntry): AsyncIterable<Uint8Array>;
  /** All of it. @throws IsletError E-ARCHIVE-INVALID when it is longer than `most` bytes, or no text */
  readText(entry: ArchiveEntry, most: number): Promise<string>;
}

/** Bytes that are read at once. */
const pieceSize = 1024 * 1024;

/**
 * SPEC W8: the names and sizes of all that an archive holds. A name is only ever compared with those that have a place here, and never
 * becomes a path.
 * @throws IsletError E-ARCHIVE-INVALID
 */
export async function openArchive(file: FileHandle, size: number): Promise<Archive> {
  const entries = await scan(file, size);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size !== entries.length) throw invalid('the archive has a name twice');
  const order = [entries[0]?.name, entries.at(-2)?.name, entries.at(-1)?.name];
  if (order.join(' ') !== `${identityName} ${manifestName} ${signatureName}`)
    throw invalid('this is not an Islet archive, or its end is missing');
  const read = (entry: ArchiveEntry) => readRange(file, entry);
  return {
    entries,
    find: (name) => byName.get(name),
    read,
    async readText(entry, most) {
      if (entry.size > most) throw invalid(`${entry.name} is too large`, entry.size);
      const pieces: Uint8Array[] = [];
      for await (const piece of read(entry)) pieces.push(Buffer.from(piece));
      try {
        return bytesToText(Buffer.concat(pieces));
      } catch {
        throw invalid(`${entry.name} is no text`);
      }
    },
  };
}

async function scan(file: FileHandle, size: number): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  const block = new Uint8Array(blockSize);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(block, 0, blockSize, at);
    if (bytesRead < blockSize) throw invalid('the archive ends early');
    const header = parseHeader(block);
    if (!header) {
      await assertEnd(file, at, size);
      return entries;
    }
    const { name } = header;
    if (!namePattern.test(name)) throw invalid('the archive holds something that has no place in it', name);
    const start = at + blockSize;
    at = start + padded(header.size);
    if (at > size) throw invalid('the archive ends early', name);
    entries.push({ name, size: header.size, start });
  }
}

/** The end is two blocks of zeros; what comes behind is no part of it and is not looked past. */
async function assertEnd(file: FileHandle, at: number, size: number): Promise<void> {
  const block = new Uint8Array(blockSize);
  const { bytesRead } = await file.read(block, 0, blockSize, at + blockSize);
  if (size !== at + 2 * blockSize || bytesRead < blockSize || block.some((byte) => byte !== 0))
    throw invalid('the archive has no end, or something behind it');
}

async function* readRange(file: FileHandle, { start, size }: ArchiveEntry): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size;) {
    const piece = Buffer.allocUnsafe(Math.min(pieceSize, size - done));
    const { bytesRead } = await file.read(piece, 0, piece.length, start + done);
    if (bytesRead === 0) throw invalid('the archive ends early');
    done += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** Lets bytes through and hashes them; `hash()` in base64url once all have passed. */
export function hashing(bytes: AsyncIterable<Uint8Array>, progress: (bytes: number) => void) {
  const hash = createHash('sha256');
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      hash.update(piece);
      progress(piece.length);
      yield piece;
    }
  }
  return { bytes: pass(), hash: () => bytesToBase64url(hash.digest()) };
}
