import type { Executor } from './database.ts';
import type { RelationRow } from './tables.ts';

export function findRelation(
  db: Executor,
  idTag: string,
  neighbour: string,
): Promise<RelationRow | undefined> {
  return db
    .selectFrom('relations')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('neighbour', '=', neighbour)
    .executeTakeFirst();
}

export async function listFollowers(db: Executor, idTag: string): Promise<string[]> {
  const rows = await db
    .selectFrom('relations')
    .select('neighbour')
    .where('id_tag', '=', idTag)
    .where('follower', '=', 1)
    .orderBy('neighbour')
    .execute();
  return rows.map(({ neighbour }) => neighbour);
}

export function listRelations(db: Executor, idTag: string): Promise<RelationRow[]> {
  return db.selectFrom('relations').selectAll().where('id_tag', '=', idTag).orderBy('neighbour').execute();
}

/** Members that are absent stay as they are. */
export async function saveRelation(
  db: Executor,
  idTag: string,
  neighbour: string,
  change: { following?: boolean; follower?: boolean },
): Promise<void> {
  const known = await findRelation(db, idTag, neighbour);
  const following = (change.following ?? known?.following === 1) ? 1 : 0;
  const follower = (change.follower ?? known?.follower === 1) ? 1 : 0;
  await db
    .insertInto('relations')
    .values({ id_tag: idTag, neighbour, following, follower })
    .onConflict((conflict) => conflict.doUpdateSet({ following, follower }))
    .execute();
}
