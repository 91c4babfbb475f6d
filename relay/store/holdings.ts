import { type ExpressionBuilder, sql } from 'kysely';
import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { HoldingRow, Tables } from './tables.ts';

/**
 * Notes that an identity has a blob here. Loose stays loose, what its own devices brought stays its own, and the blob is
 * no longer one that nobody refers to.
 */
export async function hold(db: Executor, row: HoldingRow): Promise<void> {
  await db
    .insertInto('holdings')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['id_tag', 'blob']).doUpdateSet({
        size: row.size,
        added_at: row.added_at,
        loose: sql<0 | 1>`max(loose, ${row.loose})`,
        fetched_from: sql`case when fetched_from is null then null else ${row.fetched_from} end`,
      }),
    )
    .execute();
  await db.deleteFrom('unreferenced').where('blob', '=', row.blob).execute();
}

export function findHolding(db: Executor, idTag: string, blob: string): Promise<HoldingRow | undefined> {
  return db
    .selectFrom('holdings')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('blob', '=', blob)
    .executeTakeFirst();
}

/** True when any identity has it. */
export async function isHeld(db: Executor, blob: string): Promise<boolean> {
  const row = await db.selectFrom('holdings').select('blob').where('blob', '=', blob).executeTakeFirst();
  return row !== undefined;
}

/** Those of the blobs that the identity's own devices did not bring; what was fetched they bring without sending it. */
export async function listMissing(db: Executor, idTag: string, blobs: readonly string[]): Promise<string[]> {
  const held = new Set<string>();
  for (const slice of slices(blobs)) {
    const query = db
      .selectFrom('holdings')
      .select('blob')
      .where('id_tag', '=', idTag)
      .where('fetched_from', 'is', null)
      .where('blob', 'in', slice);
    for (const { blob } of await query.execute()) held.add(blob);
  }
  return blobs.filter((blob) => !held.has(blob));
}

/** Bytes of what the identity's own devices brought; with what is under way, but for what it has already. */
export async function readUsed(db: Executor, idTag: string): Promise<number> {
  const held = await db
    .selectFrom('holdings')
    .select(sql<number>`coalesce(sum(size), 0)`.as('sum'))
    .where('id_tag', '=', idTag)
    .where('fetched_from', 'is', null)
    .executeTakeFirstOrThrow();
  const coming = await db
    .selectFrom('uploads')
    .leftJoin('holdings', (join) =>
      join
        .onRef('holdings.id_tag', '=', 'uploads.id_tag')
        .onRef('holdings.blob', '=', 'uploads.blob')
        .on('holdings.fetched_from', 'is', null),
    )
    .select(sql<number>`coalesce(sum(uploads.size), 0)`.as('sum'))
    .where('uploads.id_tag', '=', idTag)
    .where('holdings.blob', 'is', null)
    .executeTakeFirstOrThrow();
  return held.sum + coming.sum;
}

/** True for a holding whose blob a file of the identity names, or what a lost device handed over. */
function isNamed(each: ExpressionBuilder<Tables, 'holdings'>) {
  const byFile = each
    .selectFrom('file_blobs')
    .select('file_blobs.blob')
    .whereRef('file_blobs.id_tag', '=', 'holdings.id_tag')
    .whereRef('file_blobs.blob', '=', 'holdings.blob');
  const byItem = each
    .selectFrom('quarantine_blobs')
    .select('quarantine_blobs.blob')
    .whereRef('quarantine_blobs.id_tag', '=', 'holdings.id_tag')
    .whereRef('quarantine_blobs.blob', '=', 'holdings.blob');
  return each.or([each.exists(byFile), each.exists(byItem)]);
}

/** Lets go of those of the blobs that are neither loose nor named by a file. */
export async function dropUnnamed(db: Executor, idTag: string, blobs: readonly string[]): Promise<void> {
  for (const slice of slices(blobs))
    await db
      .deleteFrom('holdings')
      .where('id_tag', '=', idTag)
      .where('blob', 'in', slice)
      .where('loose', '=', 0)
      .where((each) => each.not(isNamed(each)))
      .execute();
}

/** The same for everybody's that came before this moment, in milliseconds. */
export async function dropStale(db: Executor, before: number): Promise<void> {
  await db
    .deleteFrom('holdings')
    .where('added_at', '<=', before)
    .where('loose', '=', 0)
    .where((each) => each.not(isNamed(each)))
    .execute();
}

/**
 * Takes a loose blob back.
 * @returns false when the identity has no such blob of its own, or a file names it
 */
export async function dropLoose(db: Executor, idTag: string, blob: string): Promise<boolean> {
  await db
    .updateTable('holdings')
    .set({ loose: 0 })
    .where('id_tag', '=', idTag)
    .where('blob', '=', blob)
    .where('fetched_from', 'is', null)
    .execute();
  const { numDeletedRows } = await db
    .deleteFrom('holdings')
    .where('id_tag', '=', idTag)
    .where('blob', '=', blob)
    .where('fetched_from', 'is', null)
    .where((each) => each.not(isNamed(each)))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Those of the blobs to which no identity refers: none has it, no file names it. */
export async function listUnreferenced(db: Executor, blobs: readonly string[]): Promise<string[]> {
  const referred = new Set<string>();
  for (const slice of slices(blobs)) {
    const held = db.selectFrom('holdings').select('blob').where('blob', 'in', slice);
    const named = db.selectFrom('file_blobs').select('blob').where('blob', 'in', slice);
    for (const { blob } of await held.union(named).execute()) referred.add(blob);
  }
  return blobs.filter((blob) => !referred.has(blob));
}
