import type { Executor } from './database.ts';
import type { PinRow } from './tables.ts';

export function findPin(db: Executor, idTag: string, neighbour: string): Promise<PinRow | undefined> {
  return db
    .selectFrom('pins')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('neighbour', '=', neighbour)
    .executeTakeFirst();
}

export function listPins(db: Executor, idTag: string): Promise<PinRow[]> {
  return db.selectFrom('pins').selectAll().where('id_tag', '=', idTag).execute();
}

export async function savePin(db: Executor, row: PinRow): Promise<void> {
  const { id_tag: _idTag, neighbour: _neighbour, ...rest } = row;
  await db
    .insertInto('pins')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet(rest))
    .execute();
}
