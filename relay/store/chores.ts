import type { Executor } from './database.ts';

/** When the chore was done last, milliseconds since 1970. */
export async function readChore(db: Executor, name: string): Promise<number | undefined> {
  const row = await db.selectFrom('chores').select('done_at').where('name', '=', name).executeTakeFirst();
  return row?.done_at;
}

export async function writeChore(db: Executor, name: string, done_at: number): Promise<void> {
  await db
    .insertInto('chores')
    .values({ name, done_at })
    .onConflict((conflict) => conflict.doUpdateSet({ done_at }))
    .execute();
}
