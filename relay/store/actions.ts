import { sql } from 'kysely';
import type { Executor } from './database.ts';
import type { ActionRow } from './tables.ts';

const nextSeq = sql<number>`(select coalesce(max(seq), 0) + 1 from actions)`;

/** Stores a row under the next number and gives that number. */
export async function insertAction(db: Executor, row: Omit<ActionRow, 'seq'>): Promise<number> {
  const { seq } = await db
    .insertInto('actions')
    .values({ ...row, seq: nextSeq })
    .returning('seq')
    .executeTakeFirstOrThrow();
  return seq;
}

/** Gives a row that changed the next number, so that devices are told of it. */
export async function renumberAction(db: Executor, idTag: string, statementId: string): Promise<void> {
  await db
    .updateTable('actions')
    .set({ seq: nextSeq })
    .where('id_tag', '=', idTag)
    .where('statement_id', '=', statementId)
    .execute();
}

export function findOwnByNonce(db: Executor, idTag: string, nonce: string): Promise<ActionRow | undefined> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('iss', '=', idTag)
    .where('origin', '=', 'own')
    .where('nonce', '=', nonce)
    .executeTakeFirst();
}

export function findStatement(
  db: Executor,
  of: { idTag: string; iss: string; statementId: string },
): Promise<ActionRow | undefined> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', of.idTag)
    .where('iss', '=', of.iss)
    .where('statement_id', '=', of.statementId)
    .executeTakeFirst();
}

export function findAction(db: Executor, idTag: string, actionId: string): Promise<ActionRow | undefined> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('action_id', '=', actionId)
    .executeTakeFirst();
}

/** The row that holds under a database key (SPEC U1). */
export function findByKey(db: Executor, idTag: string, key: string): Promise<ActionRow | undefined> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('key', '=', key)
    .where('state', '=', 'active')
    .executeTakeFirst();
}

export async function supersedeAction(db: Executor, row: ActionRow): Promise<void> {
  await db
    .updateTable('actions')
    .set({ state: 'superseded', seq: nextSeq })
    .where('seq', '=', row.seq)
    .execute();
}

export function listActions(db: Executor, idTag: string, after: number, limit: number): Promise<ActionRow[]> {
  return db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
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
