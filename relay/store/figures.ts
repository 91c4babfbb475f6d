import type { Executor } from './database.ts';

/** Deliveries that wait, and since when the oldest does, milliseconds; undefined when none does. */
export async function readQueue(db: Executor): Promise<{ length: number; since: number | undefined }> {
  const { length, first } = await db
    .selectFrom('deliveries')
    .select(({ fn }) => [fn.countAll<number>().as('length'), fn.min('id').as('first')])
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  if (length === 0) return { length, since: undefined };
  const oldest = await db
    .selectFrom('deliveries')
    .innerJoin('actions', (join) =>
      join
        .onRef('actions.id_tag', '=', 'deliveries.id_tag')
        .onRef('actions.statement_id', '=', 'deliveries.statement_id'),
    )
    .select('actions.received_at')
    .where('deliveries.id', '=', Number(first))
    .executeTakeFirst();
  return { length, since: oldest?.received_at };
}

/** Rows of the logs of all identities. */
export async function countRows(db: Executor): Promise<number> {
  const identities = await db.selectFrom('identities').select('id_tag').execute();
  let rows = 0;
  for (const { id_tag } of identities) {
    const head = await db
      .selectFrom('sync_batches')
      .select(({ fn }) => fn.max('seq').as('seq'))
      .where('id_tag', '=', id_tag)
      .executeTakeFirst();
    rows += head?.seq ?? 0;
  }
  return rows;
}

/** Bytes of files that identities hold; what several hold counts for each. */
export async function sumHoldings(db: Executor): Promise<number> {
  const { bytes } = await db
    .selectFrom('holdings')
    .select(({ fn }) => fn.sum<number | null>('size').as('bytes'))
    .executeTakeFirstOrThrow();
  return bytes ?? 0;
}
