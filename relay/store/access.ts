import type { Executor } from './database.ts';
import type { AssertionRow, ChainRow } from './tables.ts';

/** Remembers an assertion until it has ended (with the clocks' tolerance). @returns false when it was there already */
export async function insertAssertion(db: Executor, row: AssertionRow, now: number): Promise<boolean> {
  await db
    .deleteFrom('assertions')
    .where('exp', '<', now - 300)
    .execute();
  const result = await db
    .insertInto('assertions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function insertChain(db: Executor, row: ChainRow): Promise<void> {
  await db
    .insertInto('chains')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function findChain(db: Executor, idTag: string, id: string): Promise<ChainRow | undefined> {
  return db
    .selectFrom('chains')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}
