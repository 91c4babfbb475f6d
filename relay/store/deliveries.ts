import type { Insertable, Selectable } from 'kysely';
import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { DeliveryRow } from './tables.ts';

/** A delivery with the token it carries. */
export type WaitingDelivery = Selectable<DeliveryRow> & { readonly token: string };

/** Statements of a size that SQLite takes; the caller holds the transaction. */
export async function insertDeliveries(
  db: Executor,
  rows: readonly Omit<Insertable<DeliveryRow>, 'id' | 'state' | 'tries' | 'reason'>[],
): Promise<void> {
  for (const slice of slices(rows))
    await db
      .insertInto('deliveries')
      .values(slice.map((row) => ({ ...row, state: 'waiting' as const, tries: 0, reason: null })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Neighbours for whom something waits. */
export async function listWaitingNeighbours(db: Executor): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('neighbour')
    .distinct()
    .where('state', '=', 'waiting')
    .execute();
  return rows.map(({ neighbour }) => neighbour);
}

/** The oldest delivery to a neighbour that is due, else the one that is due next. */
export async function findNextDelivery(
  db: Executor,
  neighbour: string,
  now: number,
): Promise<WaitingDelivery | undefined> {
  const waiting = db
    .selectFrom('deliveries')
    .innerJoin('actions', (join) =>
      join
        .onRef('actions.id_tag', '=', 'deliveries.id_tag')
        .onRef('actions.iss', '=', 'deliveries.id_tag')
        .onRef('actions.statement_id', '=', 'deliveries.statement_id'),
    )
    .selectAll('deliveries')
    .select('actions.token')
    .where('neighbour', '=', neighbour)
    .where('deliveries.state', '=', 'waiting');
  const due = await waiting.where('next_at', '<=', now).orderBy('id').limit(1).executeTakeFirst();
  return due ?? waiting.orderBy('next_at').limit(1).executeTakeFirst();
}

export async function updateDelivery(
  db: Executor,
  id: number,
  change: Partial<Pick<DeliveryRow, 'state' | 'tries' | 'next_at' | 'reason'>>,
): Promise<void> {
  await db.updateTable('deliveries').set(change).where('id', '=', id).execute();
}

export async function listDeliveries(
  db: Executor,
  idTag: string,
  statementIds: readonly string[],
): Promise<Selectable<DeliveryRow>[]> {
  const found: Selectable<DeliveryRow>[] = [];
  for (const slice of slices(statementIds)) {
    const ofSlice = db.selectFrom('deliveries').selectAll().where('id_tag', '=', idTag);
    for (const row of await ofSlice.where('statement_id', 'in', slice).orderBy('id').execute())
      found.push(row);
  }
  return found;
}
