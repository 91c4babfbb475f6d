import type { Database, DocumentRow, UploadRow } from '../store/database.ts';
import { hasBytes, neededVariants, readVariants } from './variants.ts';

/**
 * The relay lost what it had: files that are here go there again whole, and loose pictures by themselves. Runs inside a transaction of the caller over
 * `documents`, `blobs` and `uploads`.
 */
export async function forgetUploads(db: Database): Promise<void> {
  const files = (await db.documents.toArray()).filter((row) => hasBytes(row) && row.file !== undefined);
  const named = new Set(files.flatMap((row) => readVariants(row).map(({ blob }) => blob)));
  await db.blobs.toCollection().modify((row) => {
    row.uploaded = named.has(row.id) ? 2 : 0;
  });
  const waiting = new Set(await db.uploads.toCollection().primaryKeys());
  const held = new Set(await db.blobs.toCollection().primaryKeys());
  const isHere = (row: DocumentRow): boolean =>
    neededVariants(readVariants(row)).every(({ blob }) => held.has(blob));
  await db.uploads.bulkAdd(files.filter((row) => !waiting.has(row.id) && isHere(row)).map(toUpload));
}

function toUpload(row: DocumentRow): UploadRow {
  const { id, file, created: at } = row;
  const total = readVariants(row).reduce((sum, { size }) => sum + size, 0);
  return { id, ...(file !== undefined && { file }), state: 'waiting', sent: 0, total, at };
}
