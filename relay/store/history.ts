import type { Executor } from './database.ts';
import { batchesOf } from './room-rows.ts';

/** Whether a row of the document up to `until` came after `since` (milliseconds). */
export async function hasYoungRow(
  db: Executor,
  of: { idTag: string; doc: string; until: number; since: number },
): Promise<boolean> {
  const row = await batchesOf(db, of)
    .select('sync_batches.seq')
    .where('room_rows.seq', '<=', of.until)
    .where('sync_batches.received_at', '>', of.since)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The bytes of a batch in another form; its place and its chain hash stay. */
export async function replaceBatch(
  db: Executor,
  at: { idTag: string; seq: number },
  batch: Uint8Array,
): Promise<void> {
  await db
    .updateTable('sync_batches')
    .set({ batch })
    .where('id_tag', '=', at.idTag)
    .where('seq', '=', at.seq)
    .execute();
}
