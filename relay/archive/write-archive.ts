import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { bytesToBase64url, textToBytes } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Signer } from '../../shared/identity/did.ts';
import { signCompact } from '../../shared/token/compact.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Copy } from '../store/copy.ts';
import {
  type ArchiveIdentity,
  archiveTyp,
  blobName,
  identityName,
  type ManifestEntry,
  manifestName,
  signatureName,
  tableName,
} from './form.ts';
import { formatRow } from './lines.ts';
import { movedTables } from './tables.ts';
import { blockSize, formatHeader, padded } from './tar.ts';

export interface ArchiveSource {
  readonly identity: ArchiveIdentity;
  readonly copy: Copy;
  readonly blobs: Blobs;
  /** With the key that `identity.k` names. */
  readonly sign: Signer;
  /** So many bytes more are done. */
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface Written {
  /** Bytes of the archive. */
  readonly size: number;
  readonly missing: readonly string[];
}

/** Text is gathered up to this size before it is written. */
const pieceSize = 256 * 1024;

/** SPEC W7, W8: writes an archive into an empty file, with bounded memory. @throws what the disk says; the signal's reason */
export async function writeArchive(file: FileHandle, source: ArchiveSource): Promise<Written> {
  const { identity, copy } = source;
  const { idTag } = identity;
  const out = createWriter(file, source);
  await out.add(identityName, [textToBytes(JSON.stringify(identity))]);
  for (const table of movedTables) await out.add(tableName(table), lines(copy, table, idTag));
  const missing: string[] = [];
  for (const blob of listBlobs(copy, idTag))
    if (!(await out.addBlob(blobName(blob), blob))) missing.push(blob);
  const entries = out.entries.slice();
  const manifest = JSON.stringify({ format: 'islet-manifest', v: 1, idTag, entries, missing });
  await out.add(manifestName, [textToBytes(manifest)]);
  const { hash } = out.entries.at(-1)!;
  const said = { v: 1, iss: idTag, k: identity.k, iat: Math.floor(identity.madeAt / 1000), manifest: hash };
  await out.add(signatureName, [textToBytes(await signCompact(archiveTyp, said, source.sign))]);
  return { size: await out.end(), missing };
}

function* lines(copy: Copy, table: string, idTag: string): Generator<Uint8Array> {
  let gathered = '';
  for (const row of copy.rows(table, idTag)) {
    gathered += `${formatRow(table, row)}\n`;
    if (gathered.length < pieceSize) continue;
    yield textToBytes(gathered);
    gathered = '';
  }
  yield textToBytes(gathered);
}

/** The rows are read to their end before the first blob is: a copy is read by one at a time. */
function listBlobs(copy: Copy, idTag: string): string[] {
  return [...copy.rows('holdings', idTag)].map(({ blob }) => String(blob));
}

/** Writes one entry after the other; the header, which states the size, is written once that is known. */
function createWriter(file: FileHandle, { identity, blobs, progress, signal }: ArchiveSource) {
  const mtime = Math.floor(identity.madeAt / 1000);
  const entries: ManifestEntry[] = [];
  let at = 0;

  const add = async (name: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => {
    const hash = createHash('sha256');
    const start = at + blockSize;
    let size = 0;
    for await (const piece of pieces) {
      signal.throwIfAborted();
      hash.update(piece);
      await writeAll(file, piece, start + size);
      size += piece.length;
      progress(piece.length);
    }
    await writeAll(file, new Uint8Array(padded(size) - size), start + size);
    await writeAll(file, formatHeader({ name, size, mtime }), at);
    at = start + padded(size);
    entries.push({ name, size, hash: bytesToBase64url(hash.digest()) });
  };
  return {
    entries,
    add,
    /** False when its bytes are not here any more, or not what they were: what was begun is written over. */
    async addBlob(name: string, blob: string): Promise<boolean> {
      try {
        await add(name, await blobs.read(blob));
        return true;
      } catch (error) {
        if (!(error instanceof IsletError) || !['E-CORE-NOTFOUND', 'E-BLOB-DAMAGED'].includes(error.code))
          throw error;
        return false;
      }
    },
    async end(): Promise<number> {
      await writeAll(file, new Uint8Array(2 * blockSize), at);
      const size = at + 2 * blockSize;
      await file.truncate(size);
      await file.sync();
      return size;
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
