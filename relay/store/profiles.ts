import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';
import type { ProfileRow } from './tables.ts';

export async function findProfile(db: Executor, idTag: string): Promise<ProfileRow | undefined> {
  const [row] = await selectProfile(db, { idTag });
  return row;
}

const selectProfile = keepCompiled((db, { idTag }: { idTag: string }) =>
  db.selectFrom('profiles').selectAll().where('id_tag', '=', idTag),
);

export async function saveProfile(db: Executor, row: ProfileRow): Promise<void> {
  const { id_tag: _key, ...rest } = row;
  await db
    .insertInto('profiles')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet(rest))
    .execute();
}
