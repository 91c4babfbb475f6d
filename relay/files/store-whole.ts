import { IsletError } from '../../shared/errors.ts';
import { limits } from '../../shared/routes.ts';
import { findHolding } from '../store/holdings.ts';
import { holdOwn, takeOver, type TakeOverParts } from './take-over.ts';

/** A blob that comes in one request. */
export interface Whole {
  readonly idTag: string;
  readonly blob: string;
  /** Bytes, when that was said beforehand. */
  readonly size: number | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** `fresh`: the bytes were read; otherwise they were here already. */
export interface Stored {
  readonly size: number;
  readonly fresh: boolean;
}

/**
 * Stores a loose blob (SPEC W1). What breaks off or does not have the hash leaves nothing.
 * @throws IsletError E-BLOB-HASH, E-BLOB-SIZE, E-CORE-TOOLARGE, E-STORAGE-FULL, E-STORAGE-LIMIT
 */
export async function storeWhole(parts: TakeOverParts, { idTag, blob, size, bytes }: Whole): Promise<Stored> {
  const there = await parts.blobs.size(blob);
  if (there !== undefined && (await takeOver(parts, { idTag, blob, size: there, loose: true })))
    return { size: there, fresh: false };
  return { size: await storeSent(parts, { idTag, blob, size, bytes }), fresh: true };
}

/**
 * The same of bytes that are read in any case: who brings them shows that it has them, and a hash alone gets nothing (SPEC Z11).
 * @param most bytes of the blob
 * @returns its size
 * @throws IsletError E-BLOB-HASH, E-BLOB-SIZE, E-CORE-TOOLARGE, E-STORAGE-FULL, E-STORAGE-LIMIT
 */
export async function storeSent(
  parts: TakeOverParts,
  { idTag, blob, size, bytes }: Whole,
  most: number = limits.blob,
): Promise<number> {
  if (size !== undefined && size > most)
    throw new IsletError('E-CORE-TOOLARGE', `a blob has at most ${most} bytes`, size);
  const released: (() => void)[] = [];
  const reserve = async (length: number) => void released.push(await parts.quota.reserve(idTag, length));
  try {
    // What is here already, and damaged, needs no more room.
    const held = (await findHolding(parts.db, idTag, blob))?.fetched_from === null;
    if (!held && size !== undefined) await reserve(size);
    const counted = held || size !== undefined ? bytes : reserving(bytes, reserve);
    return await receive(parts, { idTag, blob, size: size ?? most, bytes: counted });
  } finally {
    for (const release of released) release();
  }
}

/** Bytes whose number nobody said take their room as they come. */
async function* reserving(bytes: AsyncIterable<Uint8Array>, reserve: (length: number) => Promise<void>) {
  for await (const chunk of bytes) {
    await reserve(chunk.length);
    yield chunk;
  }
}

/** @param whole with the most bytes that it may have */
function receive(
  { db, blobs, use, now }: TakeOverParts,
  { idTag, blob, size: most, bytes }: Whole & { size: number },
): Promise<number> {
  return use.during(blob, async () => {
    const size = await blobs.write(blob, bytes, most);
    await db.transaction().execute((trx) => holdOwn(trx, { idTag, blob, size, loose: true }, now()));
    return size;
  });
}
