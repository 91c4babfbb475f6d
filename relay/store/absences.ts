import type { Executor } from './database.ts';
import type { AbsenceRow } from './tables.ts';

export function listAbsences(db: Executor): Promise<AbsenceRow[]> {
  return db.selectFrom('absences').selectAll().execute();
}

export async function saveAbsence(db: Executor, row: AbsenceRow): Promise<void> {
  const { neighbour, ...change } = row;
  await db
    .insertInto('absences')
    .values({ neighbour, ...change })
    .onConflict((conflict) => conflict.doUpdateSet(change))
    .execute();
}

export async function deleteAbsence(db: Executor, neighbour: string): Promise<void> {
  await db.deleteFrom('absences').where('neighbour', '=', neighbour).execute();
}
