import type { Executor } from './database.ts';
import type { InvitationRow, NameRow } from './tables-names.ts';

export function findName(db: Executor, idTag: string): Promise<NameRow | undefined> {
  return db.selectFrom('names').selectAll().where('id_tag', '=', idTag).executeTakeFirst();
}

/** @returns false when the name was given before */
export async function insertName(db: Executor, row: NameRow): Promise<boolean> {
  const result = await db
    .insertInto('names')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function updateName(
  db: Executor,
  idTag: string,
  change: Partial<Pick<NameRow, 'address' | 'key_hash'>>,
): Promise<void> {
  await db.updateTable('names').set(change).where('id_tag', '=', idTag).execute();
}

/** Its identity is gone. The name is not given again: whoever had it may still be known by it. */
export async function endName(db: Executor, idTag: string, now: number): Promise<void> {
  const ended: NameRow = {
    ...{ id_tag: idTag, type: 'person', by_id_tag: null, address: null, key_hash: null },
    ...{ registered_at: now, ended_at: now },
  };
  await db
    .insertInto('names')
    .values(ended)
    .onConflict((conflict) => conflict.doUpdateSet({ ended_at: now, key_hash: null, address: null }))
    .execute();
}

/**
 * Names whose identity is to be here and has no device: given before then (milliseconds), with no setup link that was made and no archive
 * that arrived since.
 */
export function listUnclaimed(db: Executor, before: number): Promise<NameRow[]> {
  return db
    .selectFrom('names')
    .selectAll('names')
    .where('ended_at', 'is', null)
    .where('address', 'is', null)
    .where('registered_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('device_log').select('id_tag').whereRef('device_log.id_tag', '=', 'names.id_tag')),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('setups')
            .select('id_tag')
            .whereRef('setups.id_tag', '=', 'names.id_tag')
            .where('expires_at', '>', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('imports')
            .select('id')
            .whereRef('imports.id_tag', '=', 'names.id_tag')
            .where('touched_at', '>', before),
        ),
      ),
    )
    .execute();
}

export async function isUnclaimed(db: Executor, idTag: string, before: number): Promise<boolean> {
  return (await listUnclaimed(db, before)).some(({ id_tag }) => id_tag === idTag);
}

/** Nobody was ever known by it: it can be given again. */
export async function dropName(db: Executor, idTag: string): Promise<void> {
  await db.deleteFrom('names').where('id_tag', '=', idTag).execute();
}

/** Names in use, in the order they were given. */
export function listNames(db: Executor): Promise<NameRow[]> {
  return db.selectFrom('names').selectAll().where('ended_at', 'is', null).orderBy('registered_at').execute();
}

/** Names that were given since then (milliseconds). */
export async function countNames(db: Executor, since: number): Promise<number> {
  const row = await db
    .selectFrom('names')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('registered_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function insertInvitation(db: Executor, row: InvitationRow): Promise<void> {
  await db.insertInto('invitations').values(row).execute();
}

export function findInvitation(db: Executor, hash: string): Promise<InvitationRow | undefined> {
  return db.selectFrom('invitations').selectAll().where('code_hash', '=', hash).executeTakeFirst();
}

/** Newest first, without those that ended unused before `since`. */
export function listInvitations(db: Executor, since: number): Promise<InvitationRow[]> {
  return db
    .selectFrom('invitations')
    .selectAll()
    .where((eb) => eb.or([eb('used_by', 'is not', null), eb('expires_at', '>', since)]))
    .orderBy('made_at', 'desc')
    .limit(200)
    .execute();
}

export async function useInvitation(db: Executor, hash: string, usedBy: string): Promise<void> {
  await db.updateTable('invitations').set({ used_by: usedBy }).where('code_hash', '=', hash).execute();
}

/** One that was not used. @returns false when there is none */
export async function deleteInvitation(db: Executor, hash: string): Promise<boolean> {
  const result = await db
    .deleteFrom('invitations')
    .where('code_hash', '=', hash)
    .where('used_by', 'is', null)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
