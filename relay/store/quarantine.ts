import { sql } from 'kysely';
import type { Executor } from './database.ts';
import { dropUnnamed } from './holdings.ts';
import { slices } from './slices.ts';
import type { QuarantineBlobRow, QuarantineRow } from './tables-quarantine.ts';

type Blob = Pick<QuarantineBlobRow, 'blob' | 'size'>;

/** An item, and the bytes that it names. The same again is there already. */
export async function insertQuarantined(
  trx: Executor,
  row: QuarantineRow,
  blobs: readonly Blob[],
): Promise<void> {
  await trx
    .insertInto('quarantine')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { id_tag, id: item } = row;
  const rows = blobs.map(({ blob, size }) => ({ id_tag, item, blob, size }));
  for (const slice of slices(rows))
    await trx
      .insertInto('quarantine_blobs')
      .values([...slice])
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** What is told of an item in the list: sizes in bytes; `missing` are those that have not come. */
export interface ListedItem extends Omit<QuarantineRow, 'item'> {
  readonly brought: number;
  readonly missing: number;
}

/** Without what is in them, oldest first. */
export async function listQuarantined(db: Executor, idTag: string): Promise<ListedItem[]> {
  const items = await db
    .selectFrom('quarantine')
    .select(['id_tag', 'id', 'did', 'device', 'kind', 'title', 'size', 'received_at', 'owner', 'mime'])
    .where('id_tag', '=', idTag)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  const sums = new Map((await sumBytes(db, idTag)).map((sum) => [sum.item, sum]));
  return items.map((item) => {
    const { all = 0, here = 0 } = sums.get(item.id) ?? {};
    return { ...item, brought: all, missing: all - here };
  });
}

function sumBytes(db: Executor, idTag: string) {
  return db
    .selectFrom('quarantine_blobs')
    .leftJoin('holdings', (join) =>
      join
        .onRef('holdings.id_tag', '=', 'quarantine_blobs.id_tag')
        .onRef('holdings.blob', '=', 'quarantine_blobs.blob')
        .on('holdings.fetched_from', 'is', null),
    )
    .select([
      'quarantine_blobs.item',
      sql<number>`sum(quarantine_blobs.size)`.as('all'),
      sql<number>`sum(case when holdings.blob is null then 0 else quarantine_blobs.size end)`.as('here'),
    ])
    .where('quarantine_blobs.id_tag', '=', idTag)
    .groupBy('quarantine_blobs.item')
    .execute();
}

export function findQuarantined(db: Executor, idTag: string, id: string): Promise<QuarantineRow | undefined> {
  return db
    .selectFrom('quarantine')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** How much waits: items and their bytes, and those of the blobs that they name. */
export interface QuarantineSum {
  readonly items: number;
  readonly size: number;
  readonly brought: number;
}

export async function sumQuarantined(db: Executor, idTag: string): Promise<QuarantineSum> {
  const { items, size } = await db
    .selectFrom('quarantine')
    .select(({ fn }) => [fn.countAll<number>().as('items'), fn.sum<number | null>('size').as('size')])
    .where('id_tag', '=', idTag)
    .executeTakeFirstOrThrow();
  const { brought } = await db
    .selectFrom('quarantine_blobs')
    .select(({ fn }) => fn.sum<number | null>('size').as('brought'))
    .where('id_tag', '=', idTag)
    .executeTakeFirstOrThrow();
  return { items, size: size ?? 0, brought: brought ?? 0 };
}

/** The size of a blob that an item of this device names; undefined when none does. */
export async function findHandedBlob(
  db: Executor,
  { id_tag, did, blob }: Pick<QuarantineRow, 'id_tag' | 'did'> & { readonly blob: string },
): Promise<number | undefined> {
  const row = await db
    .selectFrom('quarantine_blobs')
    .innerJoin('quarantine', (join) =>
      join
        .onRef('quarantine.id_tag', '=', 'quarantine_blobs.id_tag')
        .onRef('quarantine.id', '=', 'quarantine_blobs.item'),
    )
    .select('quarantine_blobs.size')
    .where('quarantine_blobs.id_tag', '=', id_tag)
    .where('quarantine_blobs.blob', '=', blob)
    .where('quarantine.did', '=', did)
    .executeTakeFirst();
  return row?.size;
}

/** Forgets an item, and lets go of the bytes that nothing else names. Within a transaction. */
export async function deleteQuarantined(trx: Executor, idTag: string, id: string): Promise<void> {
  const named = await trx
    .deleteFrom('quarantine_blobs')
    .where('id_tag', '=', idTag)
    .where('item', '=', id)
    .returning('blob')
    .execute();
  await trx.deleteFrom('quarantine').where('id_tag', '=', idTag).where('id', '=', id).execute();
  await dropUnnamed(
    trx,
    idTag,
    named.map(({ blob }) => blob),
  );
}
