import type { Executor } from './database.ts';
import type { IdentityKeyRow, IdentityRow } from './tables.ts';

export function findIdentity(db: Executor, idTag: string): Promise<IdentityRow | undefined> {
  return db.selectFrom('identities').selectAll().where('id_tag', '=', idTag).executeTakeFirst();
}

export async function insertIdentity(
  db: Executor,
  identity: IdentityRow,
  key: IdentityKeyRow,
): Promise<void> {
  await db.insertInto('identities').values(identity).execute();
  await db.insertInto('identity_keys').values(key).execute();
}

/** Oldest first; the last is the one that signs. */
export function listIdentityKeys(db: Executor, idTag: string): Promise<IdentityKeyRow[]> {
  return db
    .selectFrom('identity_keys')
    .selectAll()
    .where('id_tag', '=', idTag)
    .orderBy('created_at')
    .orderBy('key_id')
    .execute();
}

/** Members that are absent stay as they are. */
export async function updatePictures(
  db: Executor,
  idTag: string,
  change: Partial<Pick<IdentityRow, 'profile_pic' | 'cover_pic'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db.updateTable('identities').set(change).where('id_tag', '=', idTag).execute();
}
