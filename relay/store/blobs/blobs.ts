import type { Readable } from 'node:stream';
import { IsletError } from '../../../shared/errors.ts';
import { isBlobId } from '../../../shared/file/blob-id.ts';
import { openLocalBlobs } from './local.ts';
import { openS3Blobs, type S3Place } from './s3.ts';

/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Content-addressed bytes (SPEC W5, W6). Every function throws E-VAL-INVALID for what is no blob id, and E-SYS-UNAVAIL or
 * the error of the disk when the store cannot do it now.
 */
export interface Blobs {
  /** Size in bytes, or undefined when it is not here. */
  size(id: string): Promise<number | undefined>;
  /**
   * Takes the bytes as they come, in chunks that nobody changes any more, and gives their number; they are durable, under their name, when this returns. What was
   * there under the name is replaced.
   * @throws IsletError E-BLOB-HASH, E-BLOB-SIZE (more than `limit` bytes); nothing is kept then
   */
  write(id: string, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<number>;
  /**
   * Takes over a complete file whose hash the caller has checked, on the same file system as the store; the blob is durable
   * when this returns, and the file is gone.
   */
  adopt(id: string, file: string, size: number): Promise<void>;
  /**
   * A stream of the bytes; never of bytes that are not the blob's: it fails before the first, or before the last of them.
   * @throws IsletError E-CORE-NOTFOUND, E-BLOB-DAMAGED; the stream may end with E-BLOB-DAMAGED
   */
  read(id: string, range?: ByteRange): Promise<Readable>;
  /** Everything that is here. @throws when any part of it cannot be listed */
  list(): AsyncIterable<{ readonly id: string; readonly size: number }>;
  /** Harmless when it is not here. */
  remove(id: string): Promise<void>;
  /** Reads all of it and hashes it. */
  verify(id: string): Promise<Verdict>;
}

export type Verdict = 'sound' | 'damaged' | 'missing';

/** Where the blobs are. */
export type BlobPlace = { readonly kind: 'local' } | ({ readonly kind: 's3' } & S3Place);

export interface BlobParts {
  readonly place: BlobPlace;
  /** Folder of the local store. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told what went wrong where nobody waits for it. */
  readonly report: (error: unknown) => void;
}

/** @throws StorageError, or one line that names BLOBS and the cause */
export async function openBlobs({ place, folder, now, report }: BlobParts): Promise<Blobs> {
  return withGrammar(
    place.kind === 's3' ? await openS3Blobs(place, report) : await openLocalBlobs(folder, now),
  );
}

/** A name that is no blob id reaches neither a path nor a URL. */
function withGrammar(blobs: Blobs): Blobs {
  const check = (id: string) => {
    if (!isBlobId(id)) throw new IsletError('E-VAL-INVALID', 'not a blob id', id);
    return id;
  };
  return {
    size: async (id) => blobs.size(check(id)),
    write: async (id, bytes, limit) => blobs.write(check(id), bytes, limit),
    adopt: async (id, file, size) => blobs.adopt(check(id), file, size),
    read: async (id, range) => blobs.read(check(id), range),
    list: () => blobs.list(),
    remove: async (id) => blobs.remove(check(id)),
    verify: async (id) => blobs.verify(check(id)),
  };
}
