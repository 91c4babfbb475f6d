import * as decoding from 'lib0/decoding';
import { sql } from 'kysely';
import { type Batch, readBatch } from '../../shared/sync/row.ts';
import type { Executor } from './database.ts';
import { listBatches } from './sync-log.ts';
import type { RoomStateRow, SyncBatchRow } from './tables.ts';

/** The documents that a batch has rows of, the index of the space among them. */
export function documentsOf({ rows }: Pick<Batch, 'rows'>): string[] {
  return [...new Set(rows.map(({ doc }) => doc))];
}

/** Written with the batches, in one statement: a document is found without reading the whole log. */
export async function insertRoomRows(
  db: Executor,
  idTag: string,
  rows: readonly { doc: string; seq: number }[],
): Promise<void> {
  const list = JSON.stringify(rows.map(({ doc, seq }) => [doc, seq]));
  await sql`
    insert into room_rows (id_tag, doc, seq)
    select ${idTag}, value ->> 0, value ->> 1 from json_each(${list})`.execute(db);
}

/** Batches of the log that are read at once. */
const pageSize = 100;

/** Enters for the whole log which batch has rows of which document, where that is not known yet: it came from an older relay. */
export async function enterRoomRows(db: Executor, idTag: string): Promise<void> {
  for (let after = 0; ;) {
    const page = await listBatches(db, idTag, after, pageSize);
    const rows = page.flatMap(({ seq, batch }) =>
      readDocuments(batch).map((doc) => ({ id_tag: idTag, doc, seq })),
    );
    for (const row of rows)
      await db
        .insertInto('room_rows')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    const last = page.at(-1);
    if (!last) return;
    after = last.seq;
  }
}

/** A batch that cannot be read keeps no relay from starting: it is told when a device reads the log. */
function readDocuments(batch: Uint8Array): string[] {
  try {
    return documentsOf(readBatch(decoding.createDecoder(new Uint8Array(batch))));
  } catch {
    return [];
  }
}

/** Batches that have rows of a document, not put in order. */
export function batchesOf(db: Executor, { idTag, doc }: { idTag: string; doc: string }) {
  return db
    .selectFrom('room_rows')
    .innerJoin('sync_batches', (join) =>
      join
        .onRef('sync_batches.id_tag', '=', 'room_rows.id_tag')
        .onRef('sync_batches.seq', '=', 'room_rows.seq'),
    )
    .where('room_rows.id_tag', '=', idTag)
    .where('room_rows.doc', '=', doc);
}

/** Batches behind `after` that have rows of a document, in the order of the log. */
export function listRoomBatches(
  db: Executor,
  of: { idTag: string; doc: string; after: number },
  limit: number,
): Promise<SyncBatchRow[]> {
  return batchesOf(db, of)
    .selectAll('sync_batches')
    .where('room_rows.seq', '>', of.after)
    .orderBy('room_rows.seq')
    .limit(limit)
    .execute();
}

/** When the log got its first row of a document, milliseconds; undefined when it has none. */
export async function findFirstRow(db: Executor, idTag: string, doc: string): Promise<number | undefined> {
  const row = await batchesOf(db, { idTag, doc })
    .select('sync_batches.received_at')
    .orderBy('room_rows.seq')
    .limit(1)
    .executeTakeFirst();
  return row?.received_at;
}

/** What was read of a document before; a cache, which may be absent. */
export function findRoomState(db: Executor, idTag: string, doc: string): Promise<RoomStateRow | undefined> {
  return db
    .selectFrom('room_states')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('doc', '=', doc)
    .executeTakeFirst();
}

export async function saveRoomState(db: Executor, row: RoomStateRow): Promise<void> {
  const { seq, state } = row;
  await db
    .insertInto('room_states')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet({ seq, state }))
    .execute();
}
