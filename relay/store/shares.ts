import type { IdTag } from '../../shared/identity/id-tag.ts';
import { findByKey } from './actions.ts';
import type { Executor } from './database.ts';

/** What a share allows: to read, comment, write, or to share further. */
export type ShareLevel = 'R' | 'C' | 'W' | 'A';

const levels: Readonly<Record<string, ShareLevel>> = {
  FSHR: 'R',
  'FSHR:COMMENT': 'C',
  'FSHR:WRITE': 'W',
  'FSHR:ADMIN': 'A',
};

/** What `who` may do with a document of the identity at this moment, by the share that holds (SPEC U1). */
export async function findShare(
  db: Executor,
  idTag: string,
  file: string,
  who: string,
): Promise<ShareLevel | undefined> {
  const row = await findByKey(db, idTag, `FSHR:${idTag}:${file}:${who}`);
  return row?.origin === 'own' ? levels[row.type] : undefined;
}

/** The actions by which the identity shares a document, newest first; those that end a share are not among them. */
export async function listShares(db: Executor, idTag: string, file: string) {
  const rows = await db
    .selectFrom('actions')
    .select(['aud', 'type', 'token', 'iat', 'received_at'])
    .where('id_tag', '=', idTag)
    .where('subject', '=', file)
    .where('iss', '=', idTag)
    .where('origin', '=', 'own')
    .where('state', '=', 'active')
    .where('type', 'in', Object.keys(levels))
    .orderBy('seq', 'desc')
    .execute();
  return rows;
}

/** Documents that the identity shares with anybody. */
export async function listSharedFiles(db: Executor, idTag: IdTag): Promise<string[]> {
  const rows = await db
    .selectFrom('actions')
    .select('subject')
    .distinct()
    .where('id_tag', '=', idTag)
    .where('type', 'in', Object.keys(levels))
    .where('iss', '=', idTag)
    .where('origin', '=', 'own')
    .where('state', '=', 'active')
    .where('subject', 'is not', null)
    .execute();
  return rows.flatMap(({ subject }) => (subject === null ? [] : [subject]));
}
