import type { Executor } from './database.ts';
import type { HistoryRow } from './tables.ts';

export function findHistory(db: Executor, idTag: string, neighbour: string): Promise<HistoryRow | undefined> {
  return db
    .selectFrom('histories')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('neighbour', '=', neighbour)
    .executeTakeFirst();
}

export async function saveHistory(db: Executor, row: HistoryRow): Promise<void> {
  const { id_tag: _idTag, neighbour: _neighbour, ...rest } = row;
  await db
    .insertInto('histories')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet(rest))
    .execute();
}

/** It is no contact any more: should it become one again, it is asked again. */
export async function dropHistory(db: Executor, idTag: string, neighbour: string): Promise<void> {
  await db.deleteFrom('histories').where('id_tag', '=', idTag).where('neighbour', '=', neighbour).execute();
}
