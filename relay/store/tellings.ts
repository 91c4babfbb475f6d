import type { Executor } from './database.ts';

/** What this contact was told last; undefined when nothing yet. */
export async function findTold(db: Executor, idTag: string, neighbour: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('tellings')
    .select('told')
    .where('id_tag', '=', idTag)
    .where('neighbour', '=', neighbour)
    .executeTakeFirst();
  return row?.told;
}

export async function saveTold(db: Executor, idTag: string, neighbour: string, told: string): Promise<void> {
  await db
    .insertInto('tellings')
    .values({ id_tag: idTag, neighbour, told })
    .onConflict((conflict) => conflict.doUpdateSet({ told }))
    .execute();
}
