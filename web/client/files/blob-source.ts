import { sha256 } from '@noble/hashes/sha2.js';
import { IsletError } from '../../../shared/errors.ts';
import { formatBlobId } from '../../../shared/file/blob-id.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';
import { keepBlobs, useBlob } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { ByteRange } from './byte-range.ts';

/** Bytes of a blob, wherever they are. */
export interface BlobSource {
  readonly size: number;
  /** All of them, when they are on this device. */
  readonly here?: Blob;
  /** Set when the bytes come from elsewhere, unchecked. */
  readonly unchecked?: string;
  read(range: ByteRange): Promise<Uint8Array>;
}

/** Bytes that are asked for in one request. */
const piece = 1024 * 1024;
/** Up to here a blob that is wanted whole is fetched whole, checked, and kept. */
const keptWhole = 32 * 1024 * 1024;

export interface BlobPlaces {
  db: Database;
  /** Absent while this browser has no relay. */
  api?: RelayApi | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Finds a blob: on this device, else at the relay. One that is wanted whole is kept here once it is read and checked.
 * @throws RelayUnreachable; IsletError E-CORE-NOTFOUND, E-BLOB-DAMAGED
 */
export async function findBlob(
  { db, api, now }: BlobPlaces,
  { blob, size, whole }: { blob: string; size: number; whole: boolean },
): Promise<BlobSource> {
  const here = await useBlob(db, blob, now());
  if (here) return localSource(here);
  if (!api) throw new RelayUnreachable('This browser has no relay.');
  if (!whole || size > keptWhole) return remoteSource(api, blob, size);
  const bytes = await download(api, blob);
  const digest = sha256(new Uint8Array(await bytes.arrayBuffer()));
  if (formatBlobId(digest) !== blob) throw damaged(blob);
  const row = { id: blob, bytes, type: bytes.type, size: bytes.size, uploaded: 1 as const, used: now() };
  // Shown all the same when there is no room to keep it.
  await keepBlobs(db, [row]).catch(() => undefined);
  return localSource(bytes);
}

function damaged(blob: string): IsletError {
  return new IsletError('E-BLOB-DAMAGED', 'The relay’s copy of this file is damaged.', blob);
}

function localSource(here: Blob): BlobSource {
  return {
    size: here.size,
    here,
    read: async ({ start, end }) => new Uint8Array(await here.slice(start, end + 1).arrayBuffer()),
  };
}

function remoteSource(api: RelayApi, blob: string, size: number): BlobSource {
  return {
    size,
    unchecked: blob,
    read: async ({ start, end }) => {
      const bytes = await download(api, blob, { start, end: end + 1 });
      if (bytes.size !== end + 1 - start) throw damaged(blob);
      return new Uint8Array(await bytes.arrayBuffer());
    },
  };
}

async function download(api: RelayApi, blob: string, range?: { start: number; end: number }): Promise<Blob> {
  const bytes = await api.download(routes.variant + segment(blob), range).catch((error: unknown) => {
    throw error instanceof IsletError && error.code === 'E-BLOB-DAMAGED' ? damaged(blob) : error;
  });
  if (bytes) return bytes;
  throw new IsletError('E-CORE-NOTFOUND', 'This file is neither on this device nor on the relay.', blob);
}

/**
 * A part of a blob, piece by piece. Of a whole one that comes from elsewhere the last piece is given only when the bytes are
 * those of its name. @throws IsletError E-BLOB-DAMAGED
 */
export async function* readPieces(source: BlobSource, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const { unchecked } = source;
  const hash =
    unchecked !== undefined && start === 0 && end === source.size - 1 ? sha256.create() : undefined;
  for (let at = start; at <= end; at += piece) {
    const last = Math.min(at + piece - 1, end);
    const bytes = await source.read({ start: at, end: last });
    hash?.update(bytes);
    if (hash && last === end && formatBlobId(hash.digest()) !== unchecked) throw damaged(unchecked ?? '');
    yield bytes;
  }
}
