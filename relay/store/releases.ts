import type { Executor } from './database.ts';

/** Blobs that the file's descriptor names. */
export async function listBlobsOfFile(db: Executor, idTag: string, fileId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('file_blobs')
    .select('blob')
    .where('id_tag', '=', idTag)
    .where('file_id', '=', fileId)
    .execute();
  return rows.map(({ blob }) => blob);
}

/** The file and what its descriptor names; the blobs themselves stay. */
export async function deleteFile(db: Executor, idTag: string, fileId: string): Promise<void> {
  await db.deleteFrom('file_blobs').where('id_tag', '=', idTag).where('file_id', '=', fileId).execute();
  await db.deleteFrom('files').where('id_tag', '=', idTag).where('id', '=', fileId).execute();
}

/** True when the identity shows the file as a picture of itself. */
export async function isShown(db: Executor, idTag: string, fileId: string): Promise<boolean> {
  const row = await db
    .selectFrom('identities')
    .select('id_tag')
    .where('id_tag', '=', idTag)
    .where((either) => either.or([either('profile_pic', '=', fileId), either('cover_pic', '=', fileId)]))
    .executeTakeFirst();
  return row !== undefined;
}

/** Whose action or picture brought the blob, by the files that name it; undefined when no file does. */
export async function findOwnerOf(db: Executor, idTag: string, blob: string): Promise<string | undefined> {
  const rows = await db
    .selectFrom('file_blobs')
    .leftJoin('attachments', (join) =>
      join
        .onRef('attachments.id_tag', '=', 'file_blobs.id_tag')
        .onRef('attachments.file_id', '=', 'file_blobs.file_id'),
    )
    .select('attachments.owner')
    .where('file_blobs.id_tag', '=', idTag)
    .where('file_blobs.blob', '=', blob)
    .execute();
  if (rows.length === 0) return undefined;
  const owners = rows.map(({ owner }) => owner ?? idTag);
  return owners.includes(idTag) ? idTag : owners[0];
}

/** True when an action of the identity itself attaches the file. */
export async function isAttachedByOwn(db: Executor, idTag: string, fileId: string): Promise<boolean> {
  const row = await db
    .selectFrom('attachments')
    .select('file_id')
    .where('id_tag', '=', idTag)
    .where('file_id', '=', fileId)
    .where('owner', '=', idTag)
    .executeTakeFirst();
  return row !== undefined;
}
