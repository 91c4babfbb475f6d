import type { Executor } from './database.ts';
import type { LinkRow, SetupRow } from './tables.ts';

/** The one setup token of an identity: a new one takes the place of the old. */
export async function replaceSetup(db: Executor, row: SetupRow): Promise<void> {
  await db.deleteFrom('setups').where('id_tag', '=', row.id_tag).execute();
  await db.insertInto('setups').values(row).execute();
}

export function findSetup(db: Executor, idTag: string): Promise<SetupRow | undefined> {
  return db.selectFrom('setups').selectAll().where('id_tag', '=', idTag).executeTakeFirst();
}

export async function useSetup(db: Executor, idTag: string, entry: string): Promise<void> {
  await db.updateTable('setups').set({ used_entry: entry }).where('id_tag', '=', idTag).execute();
}

export async function insertLink(db: Executor, row: LinkRow): Promise<boolean> {
  const result = await db
    .insertInto('links')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export function findLink(db: Executor, idTag: string, id: string): Promise<LinkRow | undefined> {
  return db
    .selectFrom('links')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Links that are not used up and hold at `now` (milliseconds). */
export function listOpenLinks(db: Executor, idTag: string, now: number): Promise<LinkRow[]> {
  return db
    .selectFrom('links')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('did', 'is', null)
    .where('expires_at', '>', now)
    .execute();
}

export async function countUnusedLinks(db: Executor, idTag: string): Promise<number> {
  const { count } = await db
    .selectFrom('links')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('id_tag', '=', idTag)
    .where('did', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Keeps the first request only. @returns false when there is one already */
export async function insertLinkRequest(db: Executor, id: string, request: string): Promise<boolean> {
  const result = await db
    .updateTable('links')
    .set({ request })
    .where('id', '=', id)
    .where('request', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function useLink(db: Executor, id: string, did: string, confirmation: string): Promise<void> {
  await db.updateTable('links').set({ did, confirmation }).where('id', '=', id).execute();
}

/** Nobody comes in by it any more. @returns false when it is not known or was used */
export async function endLink(db: Executor, idTag: string, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('links')
    .set({ expires_at: now - 1 })
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .where('did', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Links that nobody used and that ended before `time` (milliseconds). */
export async function deleteOldLinks(db: Executor, idTag: string, time: number): Promise<void> {
  await db
    .deleteFrom('links')
    .where('id_tag', '=', idTag)
    .where('did', 'is', null)
    .where('expires_at', '<', time)
    .execute();
}
