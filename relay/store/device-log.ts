import type { Executor } from './database.ts';
import type { DelegationRow, DeviceLogRow } from './tables.ts';

export function listLogEntries(db: Executor, idTag: string): Promise<DeviceLogRow[]> {
  return db.selectFrom('device_log').selectAll().where('id_tag', '=', idTag).orderBy('seq').execute();
}

/** Hash of the newest entry. */
export async function findLogHead(db: Executor, idTag: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('device_log')
    .select('hash')
    .where('id_tag', '=', idTag)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.hash;
}

export async function insertLogEntry(db: Executor, row: DeviceLogRow): Promise<void> {
  await db.insertInto('device_log').values(row).execute();
}

/** Another signature of the relay under the same entry. */
export async function replaceCountersignature(
  db: Executor,
  { id_tag, seq }: DeviceLogRow,
  by: { k: string; token: string },
): Promise<void> {
  await db
    .updateTable('device_log')
    .set({ k: by.k, token: by.token })
    .where('id_tag', '=', id_tag)
    .where('seq', '=', seq)
    .execute();
}

export async function insertDelegation(db: Executor, row: DelegationRow): Promise<void> {
  await db.insertInto('delegations').values(row).execute();
}

/** The newest delegation of a device that was not withdrawn. */
export function findDelegation(db: Executor, idTag: string, did: string): Promise<DelegationRow | undefined> {
  return db
    .selectFrom('delegations')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('did', '=', did)
    .where('revoked_at', 'is', null)
    .orderBy('exp', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function revokeDelegations(
  db: Executor,
  idTag: string,
  did: string,
  now: number,
): Promise<void> {
  await db
    .updateTable('delegations')
    .set({ revoked_at: now })
    .where('id_tag', '=', idTag)
    .where('did', '=', did)
    .where('revoked_at', 'is', null)
    .execute();
}

/** Identifiers of the withdrawn delegations of an identity. */
export async function listRevoked(db: Executor, idTag: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('delegations')
    .select('jti')
    .where('id_tag', '=', idTag)
    .where('revoked_at', 'is not', null)
    .execute();
  return new Set(rows.map(({ jti }) => jti));
}
