import type { Executor } from './database.ts';
import type { ProfileRow } from './tables.ts';

export function findProfile(db: Executor, idTag: string): Promise<ProfileRow | undefined> {
  return db.selectFrom('profiles').selectAll().where('id_tag', '=', idTag).executeTakeFirst();
}

export async function saveProfile(db: Executor, row: ProfileRow): Promise<void> {
  const { id_tag: _key, ...rest } = row;
  await db
    .insertInto('profiles')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet(rest))
    .execute();
}
