import type { Executor } from './database.ts';
import type { TryRow, VerificationRow, WayRow } from './tables-ways.ts';

/** Oldest first. */
export function listWays(db: Executor, idTag: string): Promise<WayRow[]> {
  return db.selectFrom('ways').selectAll().where('id_tag', '=', idTag).orderBy('created_at').execute();
}

export async function replaceWay(db: Executor, row: WayRow): Promise<void> {
  await db.replaceInto('ways').values(row).execute();
}

/** @returns false when it is there already */
export async function insertWay(db: Executor, row: WayRow): Promise<boolean> {
  const result = await db
    .insertInto('ways')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** @returns false when it was not there */
export async function deleteWay(db: Executor, idTag: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('ways')
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function noteUse(
  db: Executor,
  { id_tag, id }: Pick<WayRow, 'id_tag' | 'id'>,
  use: Pick<WayRow, 'counter' | 'used_at'>,
): Promise<void> {
  await db.updateTable('ways').set(use).where('id_tag', '=', id_tag).where('id', '=', id).execute();
}

export function findTry(db: Executor, idTag: string, door: string): Promise<TryRow | undefined> {
  return db
    .selectFrom('tries')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('door', '=', door)
    .executeTakeFirst();
}

export async function replaceTry(db: Executor, row: TryRow): Promise<void> {
  await db.replaceInto('tries').values(row).execute();
}

export async function deleteTry(db: Executor, idTag: string, door: string): Promise<void> {
  await db.deleteFrom('tries').where('id_tag', '=', idTag).where('door', '=', door).execute();
}

export async function replaceVerification(db: Executor, row: VerificationRow): Promise<void> {
  await db.replaceInto('verifications').values(row).execute();
}

export function findVerification(
  db: Executor,
  idTag: string,
  did: string,
): Promise<VerificationRow | undefined> {
  return db
    .selectFrom('verifications')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('did', '=', did)
    .executeTakeFirst();
}
