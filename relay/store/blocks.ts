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
