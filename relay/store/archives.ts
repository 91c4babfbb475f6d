import type { Executor } from './database.ts';
import type { ExportRow, ImportRow, MoveRow } from './tables-archives.ts';

/** Newest first. */
export function listExports(db: Executor, idTag?: string): Promise<ExportRow[]> {
  const query = db.selectFrom('exports').selectAll().orderBy('created_at', 'desc');
  return (idTag === undefined ? query : query.where('id_tag', '=', idTag)).execute();
}

export function findExport(db: Executor, idTag: string, id: string): Promise<ExportRow | undefined> {
  return db
    .selectFrom('exports')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function insertExport(db: Executor, row: ExportRow): Promise<void> {
  await db.insertInto('exports').values(row).execute();
}

export async function updateExport(db: Executor, id: string, change: Partial<ExportRow>): Promise<void> {
  await db.updateTable('exports').set(change).where('id', '=', id).execute();
}

export async function deleteExport(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('exports').where('id', '=', id).execute();
}

export function listImports(db: Executor): Promise<ImportRow[]> {
  return db.selectFrom('imports').selectAll().execute();
}

export function findImport(db: Executor, idTag: string): Promise<ImportRow | undefined> {
  return db.selectFrom('imports').selectAll().where('id_tag', '=', idTag).executeTakeFirst();
}

export async function insertImport(db: Executor, row: ImportRow): Promise<void> {
  await db.insertInto('imports').values(row).execute();
}

export async function updateImport(db: Executor, id: string, change: Partial<ImportRow>): Promise<void> {
  await db.updateTable('imports').set(change).where('id', '=', id).execute();
}

export async function deleteImport(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('imports').where('id', '=', id).execute();
}

export function listMoves(db: Executor): Promise<MoveRow[]> {
  return db.selectFrom('moves').selectAll().execute();
}

/** @param state undefined: the identity is here like any other */
export async function saveMove(
  db: Executor,
  idTag: string,
  { state, at }: { state: MoveRow['state'] | undefined; at: number },
): Promise<void> {
  if (state === undefined) {
    await db.deleteFrom('moves').where('id_tag', '=', idTag).execute();
    return;
  }
  const row = { id_tag: idTag, state, at };
  await db
    .insertInto('moves')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet({ state, at }))
    .execute();
}
