import type { Executor } from './database.ts';
import type { SyncBatchRow } from './tables.ts';

interface Place {
  readonly idTag: string;
  readonly doc: string;
  /** Number of the log behind which rows are wanted. */
  readonly after: number;
}

/** Batches that have rows of a document, in the order of the log. */
export function listDocumentBatches(
  db: Executor,
  { idTag, doc, after }: Place,
  limit: number,
): Promise<SyncBatchRow[]> {
  return db
    .selectFrom('room_rows')
    .innerJoin('sync_batches', (join) =>
      join
        .onRef('sync_batches.id_tag', '=', 'room_rows.id_tag')
        .onRef('sync_batches.seq', '=', 'room_rows.seq'),
    )
    .selectAll('sync_batches')
    .where('room_rows.id_tag', '=', idTag)
    .where('room_rows.doc', '=', doc)
    .where('room_rows.seq', '>', after)
    .orderBy('room_rows.seq')
    .limit(limit)
    .execute();
}

/** Whether a row of the document up to `until` came after `since` (milliseconds). */
export async function hasYoungRow(
  db: Executor,
  of: { idTag: string; doc: string; until: number; since: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('room_rows')
    .innerJoin('sync_batches', (join) =>
      join
        .onRef('sync_batches.id_tag', '=', 'room_rows.id_tag')
        .onRef('sync_batches.seq', '=', 'room_rows.seq'),
    )
    .select('sync_batches.seq')
    .where('room_rows.id_tag', '=', of.idTag)
    .where('room_rows.doc', '=', of.doc)
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
