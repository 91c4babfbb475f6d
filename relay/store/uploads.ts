import type { Executor } from './database.ts';
import type { UploadRow } from './tables.ts';

export function findUpload(db: Executor, idTag: string, id: string): Promise<UploadRow | undefined> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

export function findUploadOf(db: Executor, idTag: string, blob: string): Promise<UploadRow | undefined> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('blob', '=', blob)
    .executeTakeFirst();
}

export function listUploads(db: Executor): Promise<UploadRow[]> {
  return db.selectFrom('uploads').selectAll().execute();
}

export async function insertUpload(db: Executor, row: UploadRow): Promise<void> {
  await db.insertInto('uploads').values(row).execute();
}

/** @returns false when the upload is no longer there */
export async function updateUpload(
  db: Executor,
  id: string,
  change: Partial<Pick<UploadRow, 'received' | 'loose' | 'touched_at'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set(change)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteUpload(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('uploads').where('id', '=', id).execute();
}
