import type { Database, DocumentRow, UploadRow } from '../store/database.ts';
import { hasBytes, readVariants } from './variants.ts';

/**
 * The relay lost what it had: files go there again whole, and loose pictures by themselves. Runs inside a transaction of the caller over
 * `documents`, `blobs` and `uploads`.
 */
export async function forgetUploads(db: Database): Promise<void> {
  const files = (await db.documents.toArray()).filter((row) => hasBytes(row) && row.file !== undefined);
  const named = new Set(files.flatMap((row) => readVariants(row).map(({ blob }) => blob)));
  await db.blobs.toCollection().modify((row) => {
    row.uploaded = named.has(row.id) ? 2 : 0;
  });
  const waiting = new Set(await db.uploads.toCollection().primaryKeys());
  await db.uploads.bulkAdd(files.filter(({ id }) => !waiting.has(id)).map(toUpload));
}

function toUpload(row: DocumentRow): UploadRow {
  const total = readVariants(row).reduce((sum, { size }) => sum + size, 0);
  return { id: row.id, state: 'waiting', sent: 0, total, at: row.created };
}
