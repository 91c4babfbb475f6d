import type { Executor } from './database.ts';
import type { DamageRow } from './tables.ts';

/** @returns false when it was known before */
export async function insertDamage(db: Executor, row: DamageRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('damages')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function clearDamage(db: Executor, blob: string): Promise<void> {
  await db.deleteFrom('damages').where('blob', '=', blob).execute();
}

export async function isDamaged(db: Executor, blob: string): Promise<boolean> {
  const row = await db.selectFrom('damages').select('blob').where('blob', '=', blob).executeTakeFirst();
  return row !== undefined;
}

/** Damaged blobs that the identity holds. */
export async function listDamages(db: Executor, idTag: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('damages')
    .innerJoin('holdings', 'holdings.blob', 'damages.blob')
    .where('holdings.id_tag', '=', idTag)
    .select('damages.blob')
    .orderBy('damages.blob')
    .execute();
  return rows.map(({ blob }) => blob);
}

/** Blobs that any identity holds, each once, in the order of their names, from the one behind `after`. */
export async function listHeldBlobs(db: Executor, after: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('holdings')
    .select('blob')
    .distinct()
    .where('blob', '>', after)
    .orderBy('blob')
    .limit(limit)
    .execute();
  return rows.map(({ blob }) => blob);
}

export async function countHeldBlobs(db: Executor): Promise<number> {
  const { count } = await db
    .selectFrom('holdings')
    .select((select) => select.fn.count<number>('blob').distinct().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
