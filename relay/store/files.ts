import { sql } from 'kysely';
import type { Variant } from '../../shared/file/descriptor.ts';
import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { AttachmentRow, FileRow } from './tables.ts';

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

/** Files that the relay made of this one by adding renditions; an index has the 52 characters of their root. */
export function listCompletions(
  db: Executor,
  { id_tag, id }: Pick<FileRow, 'id_tag' | 'id'>,
): Promise<FileRow[]> {
  return db
    .selectFrom('files')
    .selectAll()
    .where('id_tag', '=', id_tag)
    .where(sql<string>`substr(descriptor, 1, 52)`, '=', `d2,R=${id};`)
    .orderBy('created_at', 'desc')
    .execute();
}

/** Files of the identity that name this blob, some of them. */
export function listFilesOfBlob(db: Executor, idTag: string, blob: string): Promise<FileRow[]> {
  return db
    .selectFrom('files')
    .innerJoin('file_blobs', (join) =>
      join.onRef('file_blobs.id_tag', '=', 'files.id_tag').onRef('file_blobs.file_id', '=', 'files.id'),
    )
    .selectAll('files')
    .where('file_blobs.id_tag', '=', idTag)
    .where('file_blobs.blob', '=', blob)
    .limit(10)
    .execute();
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
export async function findNextAttachment(db: Executor, owner: string): Promise<AttachmentRow | undefined> {
  const [row] = await selectNextAttachment(db, { owner });
  return row;
}

// Written out, as in the index of what waits.
const selectNextAttachment = keepCompiled((db, { owner }: { owner: string }) =>
  db
    .selectFrom('attachments')
    .selectAll()
    .where('owner', '=', owner)
    .where('state', '=', sql.lit<'waiting'>('waiting'))
    .orderBy('next_at')
    .limit(1),
);

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

/** Files of neighbours that name this blob are fetched again. @returns their owners */
export async function requeueAttachments(db: Executor, blob: string, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('attachments')
    .innerJoin('file_blobs', (join) =>
      join
        .onRef('file_blobs.id_tag', '=', 'attachments.id_tag')
        .onRef('file_blobs.file_id', '=', 'attachments.file_id'),
    )
    .selectAll('attachments')
    .where('file_blobs.blob', '=', blob)
    .whereRef('attachments.owner', '!=', 'attachments.id_tag')
    .execute();
  for (const row of rows) await updateAttachment(db, row, { state: 'waiting', tries: 0, next_at: now });
  return [...new Set(rows.map(({ owner }) => owner))];
}

/** Neighbours that the blob was fetched from. */
export async function listSources(db: Executor, blob: string): Promise<string[]> {
  const rows = await db
    .selectFrom('holdings')
    .select('fetched_from')
    .distinct()
    .where('blob', '=', blob)
    .execute();
  return rows.flatMap(({ fetched_from }) => fetched_from ?? []);
}

/** Files that were fetched from the neighbour and that no action attaches: pictures that it showed of itself. */
export async function listPortraits(db: Executor, idTag: string, neighbour: string): Promise<string[]> {
  const rows = await db
    .selectFrom('file_blobs')
    .innerJoin('holdings', (join) =>
      join.onRef('holdings.id_tag', '=', 'file_blobs.id_tag').onRef('holdings.blob', '=', 'file_blobs.blob'),
    )
    .leftJoin('attachments', (join) =>
      join
        .onRef('attachments.id_tag', '=', 'file_blobs.id_tag')
        .onRef('attachments.file_id', '=', 'file_blobs.file_id'),
    )
    .select('file_blobs.file_id')
    .distinct()
    .where('file_blobs.id_tag', '=', idTag)
    .where('holdings.fetched_from', '=', neighbour)
    .where('attachments.file_id', 'is', null)
    .execute();
  return rows.map(({ file_id }) => file_id);
}

/** True when a blob that the file names was fetched from a neighbour. */
export async function isForeignFile(db: Executor, idTag: string, fileId: string): Promise<boolean> {
  const fetched = await db
    .selectFrom('file_blobs')
    .innerJoin('holdings', (join) =>
      join.onRef('holdings.id_tag', '=', 'file_blobs.id_tag').onRef('holdings.blob', '=', 'file_blobs.blob'),
    )
    .select('holdings.blob')
    .where('file_blobs.id_tag', '=', idTag)
    .where('file_blobs.file_id', '=', fileId)
    .where('holdings.fetched_from', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return fetched !== undefined;
}

export async function updateVisibility(
  db: Executor,
  idTag: string,
  fileId: string,
  visibility: FileRow['visibility'],
): Promise<void> {
  await db
    .updateTable('files')
    .set({ visibility })
    .where('id_tag', '=', idTag)
    .where('id', '=', fileId)
    .execute();
}

/** The action attaches nothing any more. @returns what it attached */
export async function takeAttachments(db: Executor, idTag: string, statementId: string): Promise<string[]> {
  const rows = await db
    .deleteFrom('attachments')
    .where('id_tag', '=', idTag)
    .where('statement_id', '=', statementId)
    .returning('file_id')
    .execute();
  return rows.map(({ file_id }) => file_id);
}
