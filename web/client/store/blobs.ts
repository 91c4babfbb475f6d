import { blobId } from '../../../shared/file/blob-id.ts';
import type { Database } from './database.ts';

/**
 * Keeps bytes on this device, to be uploaded when there is a relay. The same bytes are kept once. Rejects when the
 * store is full.
 */
export async function saveBlob(db: Database, blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const id = await blobId(bytes);
  await db.transaction('rw', db.blobs, async () => {
    if ((await db.blobs.where('id').equals(id).count()) > 0) return;
    // Made anew from the bytes: a file picked from a disk may change or vanish under its handle.
    const kept = new Blob([bytes], { type: blob.type });
    await db.blobs.add({ id, bytes: kept, type: blob.type, size: bytes.length, uploaded: 0 });
  });
  return id;
}

/** The bytes of a blob, if this device has them. */
export async function loadBlob(db: Database, id: string): Promise<Blob | undefined> {
  return (await db.blobs.get(id))?.bytes;
}
