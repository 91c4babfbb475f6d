import type { Executor } from './database.ts';

/** The operator's own limit for the identity, in bytes. */
export async function findQuota(db: Executor, idTag: string): Promise<number | undefined> {
  const row = await db.selectFrom('quotas').select('bytes').where('id_tag', '=', idTag).executeTakeFirst();
  return row?.bytes;
}

export async function saveQuota(db: Executor, idTag: string, bytes: number): Promise<void> {
  await db
    .insertInto('quotas')
    .values({ id_tag: idTag, bytes })
    .onConflict((conflict) => conflict.doUpdateSet({ bytes }))
    .execute();
}

export async function deleteQuota(db: Executor, idTag: string): Promise<void> {
  await db.deleteFrom('quotas').where('id_tag', '=', idTag).execute();
}
