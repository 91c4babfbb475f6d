import type { Variant } from '../../shared/file/blob-id.ts';
import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { AttachmentRow, FileBlobRow, FileRow } from './tables.ts';

/** A file and the blobs its descriptor names. */
export async function insertFile(db: Executor, row: FileRow, variants: readonly Variant[]): Promise<void> {
  await db
    .insertInto('files')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const blobs = variants.map(({ blob, format }) => ({ id_tag: row.id_tag, file_id: row.id, blob, format }));
  if (blobs.length === 0) return;
  await db
    .insertInto('file_blobs')
    .values(blobs)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export function findFile(db: Executor, idTag: string, id: string): Promise<FileRow | undefined> {
  return db
    .selectFrom('files')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function listFiles(db: Executor, idTag: string, ids: readonly string[]): Promise<FileRow[]> {
  const found: FileRow[] = [];
  for (const slice of slices(ids)) {
    const ofSlice = db.selectFrom('files').selectAll().where('id_tag', '=', idTag).where('id', 'in', slice);
    for (const row of await ofSlice.execute()) found.push(row);
  }
  return found;
}

/** Files of an action that are here. */
export function listAttachedFiles(db: Executor, idTag: string, statementId: string): Promise<FileRow[]> {
  return db
    .selectFrom('files')
    .innerJoin('attachments', (join) =>
      join.onRef('attachments.id_tag', '=', 'files.id_tag').onRef('attachments.file_id', '=', 'files.id'),
    )
    .selectAll('files')
    .where('attachments.id_tag', '=', idTag)
    .where('attachments.statement_id', '=', statementId)
    .execute();
}

/** Any file of the identity that names this blob. */
export function findFileBlob(db: Executor, idTag: string, blob: string): Promise<FileBlobRow | undefined> {
  return db
    .selectFrom('file_blobs')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('blob', '=', blob)
    .executeTakeFirst();
}

/** True when a stored action attaches the file. */
export async function isAttached(db: Executor, idTag: string, fileId: string): Promise<boolean> {
  const row = await db
    .selectFrom('attachments')
    .select('file_id')
    .where('id_tag', '=', idTag)
    .where('file_id', '=', fileId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** True when a stored action attaches a file that names the blob. */
export async function isBlobAttached(db: Executor, idTag: string, blob: string): Promise<boolean> {
  const row = await db
    .selectFrom('file_blobs')
    .innerJoin('attachments', (join) =>
      join
        .onRef('attachments.id_tag', '=', 'file_blobs.id_tag')
        .onRef('attachments.file_id', '=', 'file_blobs.file_id'),
    )
    .select('file_blobs.blob')
    .where('file_blobs.id_tag', '=', idTag)
    .where('file_blobs.blob', '=', blob)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertAttachments(db: Executor, rows: readonly AttachmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('attachments')
    .values([...rows])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Owners of files that are still to be fetched. */
export async function listWaitingOwners(db: Executor): Promise<string[]> {
  const rows = await db
    .selectFrom('attachments')
    .select('owner')
    .distinct()
    .where('state', '=', 'waiting')
    .execute();
  return rows.map(({ owner }) => owner);
}

/** The file of an owner that is to be fetched next. */
export function findNextAttachment(db: Executor, owner: string): Promise<AttachmentRow | undefined> {
  return db
    .selectFrom('attachments')
    .selectAll()
    .where('owner', '=', owner)
    .where('state', '=', 'waiting')
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst();
}

export async function updateAttachment(
  db: Executor,
  { id_tag, statement_id, file_id }: AttachmentRow,
  change: Partial<Pick<AttachmentRow, 'state' | 'tries' | 'next_at'>>,
): Promise<void> {
  await db
    .updateTable('attachments')
    .set(change)
    .where('id_tag', '=', id_tag)
    .where('statement_id', '=', statement_id)
    .where('file_id', '=', file_id)
    .execute();
}
