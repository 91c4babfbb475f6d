import type { Executor } from './database.ts';
import type { QuarantineRow } from './tables-quarantine.ts';

/** The same again is there already. */
export async function insertQuarantined(db: Executor, row: QuarantineRow): Promise<void> {
  await db
    .insertInto('quarantine')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Without what is in them, oldest first. */
export function listQuarantined(db: Executor, idTag: string): Promise<Omit<QuarantineRow, 'item'>[]> {
  return db
    .selectFrom('quarantine')
    .select(['id_tag', 'id', 'did', 'device', 'kind', 'title', 'size', 'received_at'])
    .where('id_tag', '=', idTag)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
}

export function findQuarantined(db: Executor, idTag: string, id: string): Promise<QuarantineRow | undefined> {
  return db
    .selectFrom('quarantine')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** How many wait, and their bytes. */
export async function sumQuarantined(
  db: Executor,
  idTag: string,
): Promise<{ readonly items: number; readonly size: number }> {
  const { items, size } = await db
    .selectFrom('quarantine')
    .select(({ fn }) => [fn.countAll<number>().as('items'), fn.sum<number | null>('size').as('size')])
    .where('id_tag', '=', idTag)
    .executeTakeFirstOrThrow();
  return { items, size: size ?? 0 };
}

export async function deleteQuarantined(db: Executor, idTag: string, id: string): Promise<void> {
  await db.deleteFrom('quarantine').where('id_tag', '=', idTag).where('id', '=', id).execute();
}
