import { createHash } from 'node:crypto';
import { IsletError } from '../../shared/errors.ts';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { limits } from '../../shared/routes.ts';
import type { UploadRow } from '../store/tables.ts';
import type { Hashes } from './hashes.ts';
import type { Staging } from './staging.ts';

export interface Received {
  /** Bytes of the upload that are safe now. */
  readonly received: number;
  /** Why the piece ended early; what came before that is kept. */
  readonly broken: unknown;
}

/**
 * Adds a piece behind what is there (SPEC W2). When it throws, what was there before is unchanged.
 * @returns undefined when less is staged than there should be
 * @throws IsletError E-BLOB-SIZE, E-CORE-TOOLARGE; what the disk says
 */
export async function receivePiece(
  { staging, hashes }: { staging: Staging; hashes: Hashes },
  upload: UploadRow,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Received | undefined> {
  const stage = await staging.open(upload);
  if (!stage) return undefined;
  try {
    const hash = hashes.resume(upload.id, upload.received);
    const piece = { broken: undefined as unknown };
    let received = upload.received;
    for await (const chunk of untilBroken(bytes, piece)) {
      received += chunk.length;
      assertRoom(upload, received);
      const writing = stage.write(chunk);
      hash?.update(chunk);
      await writing;
    }
    await stage.sync();
    if (hash) hashes.keep(upload.id, received, hash);
    return { received, broken: piece.broken };
  } finally {
    await stage.close();
  }
}

function assertRoom(upload: UploadRow, received: number): void {
  if (received > upload.size)
    throw new IsletError('E-BLOB-SIZE', `more than the ${upload.size} bytes that were announced`);
  if (received - upload.received > limits.chunk)
    throw new IsletError('E-CORE-TOOLARGE', `a piece has at most ${limits.chunk} bytes`);
}

/** Ends where the sender broke off, and notes why. */
async function* untilBroken(bytes: AsyncIterable<Uint8Array>, piece: { broken: unknown }) {
  try {
    yield* bytes;
  } catch (error) {
    piece.broken = error;
  }
}

/** The id that the bytes have, whatever they were said to be. */
export async function readBlobId(
  { staging, hashes }: { staging: Staging; hashes: Hashes },
  upload: UploadRow,
): Promise<string> {
  const known = hashes.resume(upload.id, upload.received);
  if (known) return formatBlobId(known.digest());
  const hash = createHash('sha256');
  for await (const chunk of staging.read(upload)) hash.update(chunk);
  return formatBlobId(hash.digest());
}
