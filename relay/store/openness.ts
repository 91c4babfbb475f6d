import type { ExpressionBuilder } from 'kysely';
import type { Executor } from './database.ts';
import { isForeignFile } from './files.ts';
import type { FileRow, Tables } from './tables.ts';

/** What of a file everybody may read: everything, those of its blobs that are open (`isBlobOpen`), or nothing. */
export type Openness = 'all' | 'some' | 'none';

/**
 * SPEC B5: a file is open when it is there for all, or when a stored action attaches it. A neighbour attaches what it likes:
 * that opens what was fetched from neighbours, and no file of the identity's own.
 */
export async function findOpenness(
  db: Executor,
  { id_tag, id, visibility }: Pick<FileRow, 'id_tag' | 'id' | 'visibility'>,
): Promise<Openness> {
  if (visibility === 'P') return 'all';
  const rows = await db
    .selectFrom('attachments')
    .select('owner')
    .distinct()
    .where('id_tag', '=', id_tag)
    .where('file_id', '=', id)
    .execute();
  if (rows.some(({ owner }) => owner === id_tag)) return 'all';
  return rows.length > 0 && (await isForeignFile(db, id_tag, id)) ? 'some' : 'none';
}

/** True when a file that names the blob is open to all or attached to a stored action (SPEC B5). */
export async function isBlobOpen(db: Executor, idTag: string, blob: string): Promise<boolean> {
  const row = await usesOf(db, idTag, blob)
    .where((each) =>
      each.or([
        each('files.visibility', '=', 'P'),
        each.and([each('attachments.file_id', 'is not', null), mayOpen(each, idTag)]),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/** True when a file that names the blob is open to all, or attached to an action that is (SPEC B7). */
export async function isBlobPublic(db: Executor, idTag: string, blob: string): Promise<boolean> {
  const row = await usesOf(db, idTag, blob)
    .leftJoin('actions', (join) =>
      join
        .onRef('actions.id_tag', '=', 'attachments.id_tag')
        .onRef('actions.statement_id', '=', 'attachments.statement_id')
        .on('actions.state', '=', 'active'),
    )
    .where((each) =>
      each.or([
        each('files.visibility', '=', 'P'),
        each.and([each('actions.visibility', '=', 'P'), mayOpen(each, idTag)]),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/** Files that name the blob, what attaches them, and how the blob came to this identity: what only others here have is not its own. */
function usesOf(db: Executor, idTag: string, blob: string) {
  return db
    .selectFrom('file_blobs')
    .innerJoin('files', (join) =>
      join.onRef('files.id_tag', '=', 'file_blobs.id_tag').onRef('files.id', '=', 'file_blobs.file_id'),
    )
    .leftJoin('attachments', (join) =>
      join.onRef('attachments.id_tag', '=', 'files.id_tag').onRef('attachments.file_id', '=', 'files.id'),
    )
    .innerJoin('holdings', (join) =>
      join.onRef('holdings.id_tag', '=', 'file_blobs.id_tag').onRef('holdings.blob', '=', 'file_blobs.blob'),
    )
    .select('file_blobs.blob')
    .where('file_blobs.id_tag', '=', idTag)
    .where('file_blobs.blob', '=', blob)
    .limit(1);
}

/** Who knows the hash of a private blob can name it: only bytes that came from neighbours are theirs to open. */
function mayOpen(
  each: ExpressionBuilder<Pick<Tables, 'attachments' | 'holdings'>, 'attachments' | 'holdings'>,
  idTag: string,
) {
  return each.or([each('attachments.owner', '=', idTag), each('holdings.fetched_from', 'is not', null)]);
}
