import type { Database, Executor } from './database.ts';
import { listUnreferenced } from './holdings.ts';
import { slices } from './slices.ts';

/** Notes the blobs that were found now, keeps since when for those that were noted before, and forgets all others. */
export async function replaceUnreferenced(
  db: Database,
  found: readonly string[],
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('unreferenced').select('blob').execute();
    // What was brought in since it was looked at is held by now.
    const still = new Set(await listUnreferenced(trx, found));
    const gone = before.map(({ blob }) => blob).filter((blob) => !still.has(blob));
    for (const slice of slices(gone))
      await trx.deleteFrom('unreferenced').where('blob', 'in', slice).execute();
    for (const slice of slices([...still]))
      await trx
        .insertInto('unreferenced')
        .values(slice.map((blob) => ({ blob, since: now })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
}

/** Blobs to which nobody has referred since that moment or longer, in milliseconds. */
export async function listRemovable(db: Executor, since: number): Promise<string[]> {
  const rows = await db.selectFrom('unreferenced').select('blob').where('since', '<=', since).execute();
  return rows.map(({ blob }) => blob);
}
