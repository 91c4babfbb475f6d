import { sql } from 'kysely';
import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';
import type { ActionRow, TwinRow } from './tables.ts';

const nextSeq = sql<number>`(select coalesce(max(seq), 0) + 1 from actions)`;

/** Stores a row under the next number and gives that number. */
export async function insertAction(db: Executor, row: Omit<ActionRow, 'seq'>): Promise<number> {
  const [stored] = await insert(db, row);
  if (!stored) throw new Error('no row was stored');
  return stored.seq;
}

const insert = keepCompiled((db, row: Omit<ActionRow, 'seq'>) =>
  db
    .insertInto('actions')
    .values({ ...row, seq: nextSeq })
    .returning('seq'),
);

/** Gives a row that changed the next number, so that devices are told of it. */
export async function renumberAction(db: Executor, idTag: string, statementId: string): Promise<void> {
  await renumber(db, { idTag, statementId });
}

const renumber = keepCompiled((db, { idTag, statementId }: { idTag: string; statementId: string }) =>
  db
    .updateTable('actions')
    .set({ seq: nextSeq })
    .where('id_tag', '=', idTag)
    .where('statement_id', '=', statementId),
);

export async function findOwnByNonce(
  db: Executor,
  idTag: string,
  nonce: string,
): Promise<ActionRow | undefined> {
  const [row] = await selectByNonce(db, { idTag, nonce });
  return row;
}

// `own` is written out, as in the index.
const selectByNonce = keepCompiled((db, { idTag, nonce }: { idTag: string; nonce: string }) =>
  db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('iss', '=', idTag)
    .where('origin', '=', sql.lit<'own'>('own'))
    .where('nonce', '=', nonce),
);

export interface StatementKey {
  readonly idTag: string;
  readonly iss: string;
  readonly statementId: string;
}

export async function findStatement(db: Executor, of: StatementKey): Promise<ActionRow | undefined> {
  const [row] = await selectStatement(db, of);
  return row;
}

const selectStatement = keepCompiled((db, { idTag, iss, statementId }: StatementKey) =>
  db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('iss', '=', iss)
    .where('statement_id', '=', statementId),
);

/** By its identifier, or by another one of the same statement (SPEC I3). */
export async function findAction(
  db: Executor,
  idTag: string,
  actionId: string,
): Promise<ActionRow | undefined> {
  const [row] = await selectAction(db, { idTag, actionId });
  return row ?? findByTwin(db, idTag, actionId);
}

const selectAction = keepCompiled((db, { idTag, actionId }: { idTag: string; actionId: string }) =>
  db.selectFrom('actions').selectAll().where('id_tag', '=', idTag).where('action_id', '=', actionId),
);

/** The action that has this identifier besides its own. */
export function findByTwin(db: Executor, idTag: string, actionId: string): Promise<ActionRow | undefined> {
  return db
    .selectFrom('twins')
    .innerJoin('actions', (join) =>
      join
        .onRef('actions.id_tag', '=', 'twins.id_tag')
        .onRef('actions.iss', '=', 'twins.iss')
        .onRef('actions.statement_id', '=', 'twins.statement_id'),
    )
    .selectAll('actions')
    .where('twins.id_tag', '=', idTag)
    .where('twins.action_id', '=', actionId)
    .executeTakeFirst();
}

/** Of one statement so many other identifiers are kept. */
const mostTwins = 8;

/** A stored action has this identifier too. */
export async function insertTwin(db: Executor, row: TwinRow): Promise<void> {
  const { count } = await db
    .selectFrom('twins')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('id_tag', '=', row.id_tag)
    .where('iss', '=', row.iss)
    .where('statement_id', '=', row.statement_id)
    .executeTakeFirstOrThrow();
  if (count >= mostTwins) return;
  await db
    .insertInto('twins')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The row that holds under a database key (SPEC U1). */
export function findByKey(db: Executor, idTag: string, key: string): Promise<ActionRow | undefined> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('key', '=', key)
    .where('state', 'in', ['active', 'confirm', 'deleted'])
    .orderBy('iat', 'desc')
    .orderBy('statement_id', 'desc')
    .executeTakeFirst();
}

/** For the identity's devices: what is not taken yet is not told. */
export function listActions(db: Executor, idTag: string, after: number, limit: number): Promise<ActionRow[]> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('seq', '>', after)
    .where('state', '!=', 'waiting')
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** What was taken of one issuer, in the order it came; what waits for something else was not taken yet. */
export function listHeard(
  db: Executor,
  idTag: string,
  { iss, after, limit }: { iss: string; after: number; limit: number },
): Promise<ActionRow[]> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('iss', '=', iss)
    .where('state', '!=', 'waiting')
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** What the issuer answered when it was asked for the proof. */
export async function saveProof(
  db: Executor,
  row: ActionRow,
  proof: string | null,
  now: number,
): Promise<void> {
  await db
    .updateTable('actions')
    .set({ proof, proof_asked_at: now })
    .where('id_tag', '=', row.id_tag)
    .where('iss', '=', row.iss)
    .where('statement_id', '=', row.statement_id)
    .execute();
}

/** Whatever was said with `sub` or `p` of this action, of these base types, and holds. */
export function listAbout(
  db: Executor,
  idTag: string,
  of: {
    readonly column: 'subject' | 'parent' | 'about';
    readonly actionId: string;
    readonly types: readonly string[];
  },
): Promise<ActionRow[]> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where(of.column, '=', of.actionId)
    .where('state', 'in', ['active', 'confirm'])
    .where((either) =>
      either.or(of.types.flatMap((type) => [either('type', '=', type), either('type', 'like', `${type}:%`)])),
    )
    .orderBy('seq')
    .execute();
}

/** A row is in another state, under the next number. */
export async function updateState(
  db: Executor,
  row: Pick<ActionRow, 'seq'>,
  state: ActionRow['state'],
): Promise<void> {
  await db.updateTable('actions').set({ state, seq: nextSeq }).where('seq', '=', row.seq).execute();
}

/** What waits for a decision of the identity. */
export function listUndecided(
  db: Executor,
  idTag: string,
  of: { readonly type: string; readonly iss?: string; readonly subject?: string },
): Promise<ActionRow[]> {
  let rows = db.selectFrom('actions').selectAll().where('id_tag', '=', idTag);
  rows = rows.where('type', '=', of.type).where('state', '=', 'confirm');
  if (of.iss !== undefined) rows = rows.where('iss', '=', of.iss);
  if (of.subject !== undefined) rows = rows.where('subject', '=', of.subject);
  return rows.execute();
}

/** What came along with something and is not taken yet. */
export function listWaiting(db: Executor, idTag: string, iss: string): Promise<ActionRow[]> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('iss', '=', iss)
    .where('state', '=', 'waiting')
    .orderBy('seq')
    .execute();
}

export async function listWaitingIssuers(db: Executor, idTag: string): Promise<string[]> {
  const rows = await db
    .selectFrom('actions')
    .select('iss')
    .distinct()
    .where('id_tag', '=', idTag)
    .where('state', '=', 'waiting')
    .execute();
  return rows.map(({ iss }) => iss);
}

/** It was taken, or given up. */
export async function deleteWaiting(
  db: Executor,
  idTag: string,
  { payload, statementId }: { readonly payload: { readonly iss: string }; readonly statementId: string },
): Promise<void> {
  await db
    .deleteFrom('actions')
    .where('id_tag', '=', idTag)
    .where('iss', '=', payload.iss)
    .where('statement_id', '=', statementId)
    .where('state', '=', 'waiting')
    .execute();
}

/** The number of the newest action of all identities; 0 when there is none. */
export async function findLastSeq(db: Executor): Promise<number> {
  const { last } = await db
    .selectFrom('actions')
    .select(sql<number>`coalesce(max(seq), 0)`.as('last'))
    .executeTakeFirstOrThrow();
  return last;
}

/** The newest action of an identity leaps ahead by so much, and with it the numbers of those that follow. */
export async function raiseLastSeq(db: Executor, idTag: string, by: number): Promise<void> {
  await db
    .updateTable('actions')
    .set(({ eb }) => ({ seq: eb('seq', '+', by) }))
    .where('seq', '=', sql<number>`(select max(seq) from actions where id_tag = ${idTag})`)
    .execute();
}
