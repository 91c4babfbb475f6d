import type { Executor } from './database.ts';
import type { SyncBatchRow } from './tables.ts';

export interface LogPosition {
  readonly seq: number;
  readonly chain: string;
}

export async function findSyncHead(db: Executor, idTag: string): Promise<LogPosition | undefined> {
  return db
    .selectFrom('sync_batches')
    .select(['seq', 'chain'])
    .where('id_tag', '=', idTag)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The chain hash of the batch that ends at `seq`. */
export async function findSyncChain(db: Executor, idTag: string, seq: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('sync_batches')
    .select('chain')
    .where('id_tag', '=', idTag)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.chain;
}

/** Highest counter of a session that is stored; -1 when there is none. Sessions have no gaps. */
export async function findLastCounter(
  db: Executor,
  idTag: string,
  device: string,
  session: string,
): Promise<number> {
  const row = await db
    .selectFrom('sync_batches')
    .select('last')
    .where('id_tag', '=', idTag)
    .where('device', '=', device)
    .where('session', '=', session)
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.last ?? -1;
}

export async function insertBatches(db: Executor, rows: readonly SyncBatchRow[]): Promise<void> {
  for (const row of rows) await db.insertInto('sync_batches').values(row).execute();
}

export function listBatches(
  db: Executor,
  idTag: string,
  after: number,
  limit: number,
): Promise<SyncBatchRow[]> {
  return db
    .selectFrom('sync_batches')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}
