import type { Insertable } from 'kysely';
import type { Executor } from './database.ts';
import type { Sent } from './deliveries.ts';
import type { DeliveryRow } from './tables.ts';

/** Deliveries as they stood elsewhere; those that are here already stay. */
export async function insertKnownDeliveries(
  db: Executor,
  of: Sent,
  rows: readonly Pick<Insertable<DeliveryRow>, 'neighbour' | 'state' | 'reason' | 'next_at'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('deliveries')
    .values(rows.map((row) => ({ ...of, ...row, tries: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
