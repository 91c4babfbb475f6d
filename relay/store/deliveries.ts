import { type ExpressionBuilder, type Insertable, type Selectable, sql } from 'kysely';
import { renumberAction } from './actions.ts';
import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';
import { slices } from './slices.ts';
import type { DeliveryRow, DeliveryState, Tables } from './tables.ts';

/** Written out, as in the index of what waits: for a value that is bound SQLite plans the query anew each time to see whether it fits. */
const waiting = sql.lit<'waiting'>('waiting');

export type Delivery = Selectable<DeliveryRow>;

/** An action of an identity, of which deliveries are. */
export interface Sent {
  readonly id_tag: string;
  readonly statement_id: string;
}

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

/** Not of an identity that is on its way elsewhere: what waits there goes out from where it comes to. */
function isHere(each: ExpressionBuilder<Tables, 'deliveries'>) {
  const moves = each.selectFrom('moves').select('moves.id_tag').where('moves.state', '!=', 'leaving');
  return each('deliveries.id_tag', 'not in', moves);
}

/** Neighbours for whom something waits. */
export async function listWaitingNeighbours(db: Executor): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('neighbour')
    .distinct()
    .where('state', '=', waiting)
    .where(isHere)
    .execute();
  return rows.map(({ neighbour }) => neighbour);
}

/** What waits for a neighbour, what is due first at the head: one that was tried in vain stands behind what came before its next try. */
export function listNextDeliveries(db: Executor, neighbour: string, limit: number): Promise<Delivery[]> {
  return selectNext(db, { neighbour, limit });
}

const selectNext = keepCompiled((db, { neighbour, limit }: { neighbour: string; limit: number }) =>
  db
    .selectFrom('deliveries')
    .selectAll()
    .where('neighbour', '=', neighbour)
    .where('state', '=', waiting)
    .where(isHere)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit),
);

/** What came of a try. */
export type DeliveryChange = Pick<Delivery, 'state' | 'tries' | 'next_at' | 'reason'>;

export async function updateDelivery(db: Executor, id: number, change: DeliveryChange): Promise<void> {
  const { state, tries, next_at, reason } = change;
  await update(db, { id, state, tries, next_at, reason });
}

const update = keepCompiled((db, { id, ...change }: DeliveryChange & { readonly id: number }) =>
  db.updateTable('deliveries').set(change).where('id', '=', id),
);

/**
 * A neighbour was not reached: that was a try for everything that waits for it, and what has had `most` tries is set aside.
 * @returns what was set aside
 */
export async function countFailedTry(
  db: Executor,
  neighbour: string,
  { reason, most }: { reason: string; most: number },
): Promise<Sent[]> {
  const left = db.updateTable('deliveries').where('neighbour', '=', neighbour).where('state', '=', waiting);
  await left.set(({ eb }) => ({ tries: eb('tries', '+', 1), reason })).execute();
  return left
    .set({ state: 'quarantined' })
    .where('tries', '>=', most)
    .returning(['id_tag', 'statement_id'])
    .execute();
}

/** The neighbour is back: so many tries in vain are taken off what waits for it. */
export async function discountTries(db: Executor, neighbour: string, count: number): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ tries: sql<number>`max(tries - ${count}, 0)` })
    .where('neighbour', '=', neighbour)
    .where('state', '=', waiting)
    .execute();
}

/** What is not delivered of an action is due now, as if it had not been tried, but for who is blocked. @returns the neighbours */
export async function renewDeliveries(db: Executor, of: Sent, now: number): Promise<string[]> {
  const rows = await db
    .updateTable('deliveries')
    .set({ state: 'waiting', tries: 0, next_at: now, reason: null })
    .where('id_tag', '=', of.id_tag)
    .where('statement_id', '=', of.statement_id)
    .where('state', '!=', 'delivered')
    .where('neighbour', 'not in', (each) =>
      each
        .selectFrom('relations')
        .select('relations.neighbour')
        .where('relations.id_tag', '=', of.id_tag)
        .where('relations.blocked', '=', 1),
    )
    .returning('neighbour')
    .execute();
  return rows.map(({ neighbour }) => neighbour);
}

/** To how many neighbours an action goes or went. */
export async function countRecipients(db: Executor, of: Sent): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('id_tag', '=', of.id_tag)
    .where('statement_id', '=', of.statement_id)
    .executeTakeFirstOrThrow();
  return count;
}

/** Gives an own action, that nobody has yet, another signature, and with it another identifier. */
export async function replaceToken(
  db: Executor,
  of: Sent,
  change: { readonly token: string; readonly action_id: string },
): Promise<void> {
  await db
    .updateTable('actions')
    .set(change)
    .where('id_tag', '=', of.id_tag)
    .where('iss', '=', of.id_tag)
    .where('statement_id', '=', of.statement_id)
    .execute();
  await renumberAction(db, of.id_tag, of.statement_id);
}

export type DeliveryCounts = Record<DeliveryState, number>;

/** Where the deliveries of an action stand: all of them counted, some of them shown. */
export interface Standing {
  readonly counts: DeliveryCounts;
  /** Those that are not delivered first. */
  readonly shown: readonly Delivery[];
}

const states: readonly DeliveryState[] = ['refused', 'quarantined', 'waiting', 'delivered'];

/** By statement id; actions without deliveries are not in it. At most `most` rows are shown of each. */
export async function readStandings(
  db: Executor,
  idTag: string,
  { statementIds, most }: { statementIds: readonly string[]; most: number },
): Promise<Map<string, Standing>> {
  const counted = await countDeliveries(db, idTag, statementIds);
  const whole = [...counted].filter(([, counts]) => sum(counts) <= most).map(([id]) => id);
  const few = Map.groupBy(await listDeliveries(db, idTag, whole), ({ statement_id }) => statement_id);
  const standings = new Map<string, Standing>();
  for (const [id, counts] of counted) {
    const shown = few.get(id) ?? (await listFirst(db, { id_tag: idTag, statement_id: id }, { counts, most }));
    standings.set(id, { counts, shown });
  }
  return standings;
}

const sum = (counts: DeliveryCounts): number => states.reduce((total, state) => total + counts[state], 0);

async function countDeliveries(db: Executor, idTag: string, statementIds: readonly string[]) {
  const counted = new Map<string, DeliveryCounts>();
  for (const slice of slices(statementIds)) {
    const rows = await db
      .selectFrom('deliveries')
      .select(({ fn }) => ['statement_id', 'state', fn.countAll<number>().as('count')])
      .where('id_tag', '=', idTag)
      .where('statement_id', 'in', slice)
      .groupBy(['statement_id', 'state'])
      .execute();
    for (const { statement_id, state, count } of rows) {
      const counts = counted.get(statement_id) ?? { waiting: 0, delivered: 0, refused: 0, quarantined: 0 };
      counted.set(statement_id, { ...counts, [state]: count });
    }
  }
  return counted;
}

async function listDeliveries(db: Executor, idTag: string, statementIds: readonly string[]) {
  const found: Delivery[] = [];
  for (const slice of slices(statementIds)) {
    const ofSlice = db.selectFrom('deliveries').selectAll().where('id_tag', '=', idTag);
    found.push(...(await ofSlice.where('statement_id', 'in', slice).orderBy('id').execute()));
  }
  return found;
}

async function listFirst(
  db: Executor,
  of: Sent,
  { counts, most }: { counts: DeliveryCounts; most: number },
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const state of states.filter((name) => counts[name] > 0)) {
    const rows = db.selectFrom('deliveries').selectAll().where('id_tag', '=', of.id_tag);
    const left = rows.where('statement_id', '=', of.statement_id).where('state', '=', state);
    if (found.length < most)
      found.push(
        ...(await left
          .orderBy('id')
          .limit(most - found.length)
          .execute()),
      );
  }
  return found;
}

/** Everybody to whom an action goes or went. */
export async function listRecipients(db: Executor, of: Sent): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('neighbour')
    .where('id_tag', '=', of.id_tag)
    .where('statement_id', '=', of.statement_id)
    .execute();
  return rows.map(({ neighbour }) => neighbour);
}
