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
  await insertIdentityKey(db, key);
}

export async function insertIdentityKey(db: Executor, key: IdentityKeyRow): Promise<void> {
  await db.insertInto('identity_keys').values(key).execute();
}

export async function updateIdentityKey(
  db: Executor,
  { id_tag, key_id }: IdentityKeyRow,
  change: Partial<Pick<IdentityKeyRow, 'expires' | 'revoked_at'>>,
): Promise<void> {
  await db
    .updateTable('identity_keys')
    .set(change)
    .where('id_tag', '=', id_tag)
    .where('key_id', '=', key_id)
    .execute();
}

/** Oldest first. */
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

/** Every identity whose keys are here, in the order they came, with what it is to others. */
export function listIdentities(db: Executor): Promise<{ id_tag: string; type: 'person' | 'community' }[]> {
  return db
    .selectFrom('identities')
    .leftJoin('names', 'names.id_tag', 'identities.id_tag')
    .select(['identities.id_tag', (eb) => eb.fn.coalesce('names.type', eb.val('person' as const)).as('type')])
    .orderBy('identities.created_at')
    .execute();
}
