import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { AllowanceRow } from './tables-limits.ts';

export function listAllowances(db: Executor): Promise<AllowanceRow[]> {
  return db.selectFrom('allowances').selectAll().execute();
}

/** The caller holds the transaction. */
export async function replaceAllowances(db: Executor, rows: readonly AllowanceRow[]): Promise<void> {
  for (const slice of slices(rows)) await db.replaceInto('allowances').values(slice).execute();
}

export async function deleteAllowance(db: Executor, { rule, who }: Pick<AllowanceRow, 'rule' | 'who'>) {
  await db.deleteFrom('allowances').where('rule', '=', rule).where('who', '=', who).execute();
}
