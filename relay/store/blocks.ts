import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';

/** What waits for a neighbour is not sent any more. */
export async function stopDeliveries(db: Executor, idTag: string, neighbour: string): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'refused', reason: 'you have blocked its receiver' })
    .where('id_tag', '=', idTag)
    .where('neighbour', '=', neighbour)
    .where('state', '=', 'waiting')
    .execute();
}

/** Whom the identity has blocked. */
export async function listBlocked(db: Executor, idTag: string): Promise<ReadonlySet<string>> {
  const rows = await selectBlocked(db, { idTag });
  return new Set(rows.map(({ neighbour }) => neighbour));
}

const selectBlocked = keepCompiled((db, { idTag }: { idTag: string }) =>
  db.selectFrom('relations').select('neighbour').where('id_tag', '=', idTag).where('blocked', '=', 1),
);
