import type { Executor } from './database.ts';
import { findLogHead } from './device-log.ts';
import type { ReadmissionRow, SightingRow, SuspensionRow } from './tables-devices.ts';

/** `agent`: kept when it is told. */
export async function recordSighting(db: Executor, row: SightingRow): Promise<void> {
  const { seen_at, agent } = row;
  await db
    .insertInto('sightings')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['id_tag', 'did']).doUpdateSet({ seen_at, ...(agent !== null && { agent }) }),
    )
    .execute();
}

export function listSightings(db: Executor, idTag: string): Promise<SightingRow[]> {
  return db.selectFrom('sightings').selectAll().where('id_tag', '=', idTag).execute();
}

/** Keeps the first entry of a key. */
export async function insertSuspension(db: Executor, row: SuspensionRow): Promise<void> {
  await db
    .insertInto('suspensions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** All, settled ones too, oldest first. */
export function listSuspensions(db: Executor, idTag: string): Promise<SuspensionRow[]> {
  return db.selectFrom('suspensions').selectAll().where('id_tag', '=', idTag).orderBy('at').execute();
}

export async function settleSuspensions(
  db: Executor,
  idTag: string,
  origin: string,
  now: number,
): Promise<void> {
  await db
    .updateTable('suspensions')
    .set({ settled_at: now })
    .where('id_tag', '=', idTag)
    .where('origin', '=', origin)
    .where('settled_at', 'is', null)
    .execute();
}

/** Changes whenever the devices do: another head of the device log, or other suspensions. */
export async function readDeviceStand(db: Executor, idTag: string): Promise<string> {
  const suspensions = await listSuspensions(db, idTag);
  const open = suspensions.filter(({ settled_at }) => settled_at === null);
  return `${await findLogHead(db, idTag)} ${open.length}`;
}

export function listReadmissions(db: Executor, idTag: string): Promise<ReadmissionRow[]> {
  return db.selectFrom('readmissions').selectAll().where('id_tag', '=', idTag).execute();
}

/** Asked once is asked. @returns false when it was there already */
export async function askReadmission(
  db: Executor,
  idTag: string,
  did: string,
  now: number,
): Promise<boolean> {
  const result = await db
    .insertInto('readmissions')
    .values({ id_tag: idTag, did, asked_at: now, granted_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** A person, or the operator, lets a device come back; whether it has asked or not. */
export async function grantReadmission(db: Executor, idTag: string, did: string, now: number): Promise<void> {
  await db
    .insertInto('readmissions')
    .values({ id_tag: idTag, did, asked_at: now, granted_at: now })
    .onConflict((conflict) => conflict.columns(['id_tag', 'did']).doUpdateSet({ granted_at: now }))
    .execute();
}

/** Nobody who was let in again, and has not come yet, comes by that any more. */
export async function endReadmissions(db: Executor, idTag: string): Promise<void> {
  await db
    .deleteFrom('readmissions')
    .where('id_tag', '=', idTag)
    .where('granted_at', 'is not', null)
    .execute();
}

export async function deleteReadmission(db: Executor, idTag: string, did: string): Promise<void> {
  await db.deleteFrom('readmissions').where('id_tag', '=', idTag).where('did', '=', did).execute();
}
