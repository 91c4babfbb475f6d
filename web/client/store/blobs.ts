import { blobId } from '../../../shared/file/blob-id.ts';
import type { BlobRow, Database } from './database.ts';

/**
 * Keeps bytes on this device, to be uploaded when there is a relay. The same bytes are kept once. Rejects when the
 * store is full.
 */
export async function saveBlob(db: Database, blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const id = await blobId(bytes);
  // Made anew from the bytes: a file picked from a disk may change or vanish under its handle.
  const kept = new Blob([bytes], { type: blob.type });
  await withRoom(db, kept.size, () =>
    db.transaction('rw', db.blobs, async () => {
      // Bytes that came with a file are sent once more by themselves: the file may go, and they stay.
      if ((await db.blobs.update(id, { uploaded: 0 })) === 0)
        await db.blobs.add({ id, bytes: kept, type: blob.type, size: bytes.length, uploaded: 0 });
    }),
  );
  return id;
}

/** The bytes of a blob, if this device has them. */
export async function loadBlob(db: Database, id: string): Promise<Blob | undefined> {
  return (await db.blobs.get(id))?.bytes;
}

/** The same, noting that it was read at `now` (milliseconds): what is read makes room last. */
export async function useBlob(db: Database, id: string, now: number): Promise<Blob | undefined> {
  const row = await db.blobs.get(id);
  if (row && now - (row.used ?? 0) > usedEvery) await db.blobs.update(id, { used: now });
  return row?.bytes;
}

/** Reads within so many milliseconds are noted once. */
const usedEvery = 60 * 60_000;

/**
 * Keeps bytes whose hash was checked. What is here already stays, and a file that is new makes it wait for the relay again.
 * `also` goes into the same transaction. Rejects with QuotaExceededError when nothing more can make room.
 */
export async function keepBlobs(
  db: Database,
  rows: readonly BlobRow[],
  also: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const bytes = rows.reduce((sum, { size }) => sum + size, 0);
  await withRoom(db, bytes, () =>
    db.transaction('rw', db.blobs, db.uploads, db.downloads, async () => {
      for (const row of rows) {
        const isHere = (await db.blobs.where('id').equals(row.id).count()) > 0;
        if (!isHere) await db.blobs.add(row);
        else
          await db.blobs
            .where('id')
            .equals(row.id)
            .modify((held) => void join(held, row));
      }
      await also();
    }),
  );
}

function join(held: BlobRow, row: BlobRow): void {
  if (held.uploaded === 1 && row.uploaded === 2) held.uploaded = 2;
  if (row.stays === 1) held.stays = 1;
}

/** Runs a write; when the browser has no room left, makes some and runs it once more. */
async function withRoom(db: Database, bytes: number, write: () => PromiseLike<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isFull(error) || (await evictBlobs(db, bytes)) === 0) throw error;
    await write();
  }
}

/** True when the browser refused a write because its space is used up. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const inner = 'inner' in error ? error.inner : undefined;
  return error.name === 'QuotaExceededError' || (inner !== error && isFull(inner));
}

/** Blobs that may go: the relay has acknowledged them, and nobody promised to keep them here. */
export function evictable(row: BlobRow): boolean {
  return row.uploaded === 1 && row.stays !== 1;
}

/**
 * Drops bytes that can be fetched again, those read longest ago first, until `wanted` bytes are free.
 * @returns how many bytes went
 */
export async function evictBlobs(db: Database, wanted: number): Promise<number> {
  return db.transaction('rw', db.blobs, async () => {
    const rows = await db.blobs.where('uploaded').equals(1).filter(evictable).toArray();
    const going: string[] = [];
    let freed = 0;
    for (const { id, size } of rows.sort((a, b) => (a.used ?? 0) - (b.used ?? 0))) {
      if (freed >= wanted) break;
      going.push(id);
      freed += size;
    }
    await db.blobs.bulkDelete(going);
    return freed;
  });
}
