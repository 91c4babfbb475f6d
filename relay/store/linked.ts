import type { Executor } from './database.ts';
import type { LinkedRow, SeenLinksRow, ServiceRow } from './tables-identity.ts';

/** Oldest first. */
export function listLinked(db: Executor, idTag: string): Promise<LinkedRow[]> {
  return db
    .selectFrom('linked')
    .selectAll()
    .where('id_tag', '=', idTag)
    .orderBy('added_at')
    .orderBy('uri')
    .execute();
}

export async function saveLinked(db: Executor, row: LinkedRow): Promise<void> {
  const { id_tag: _idTag, uri: _uri, added_at: _addedAt, ...rest } = row;
  await db
    .insertInto('linked')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet(rest))
    .execute();
}

/** What a check found; a name that was taken away meanwhile does not come back. */
export async function updateLinked(db: Executor, { id_tag, uri, ...rest }: LinkedRow): Promise<void> {
  await db.updateTable('linked').set(rest).where('id_tag', '=', id_tag).where('uri', '=', uri).execute();
}

/** @returns false when it was not there */
export async function deleteLinked(db: Executor, idTag: string, uri: string): Promise<boolean> {
  const result = await db
    .deleteFrom('linked')
    .where('id_tag', '=', idTag)
    .where('uri', '=', uri)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export function listServices(db: Executor, idTag: string): Promise<ServiceRow[]> {
  return db
    .selectFrom('services')
    .selectAll()
    .where('id_tag', '=', idTag)
    .orderBy('kind')
    .orderBy('url')
    .execute();
}

/** All of them, in place of what was there. */
export async function replaceServices(
  db: Executor,
  idTag: string,
  services: readonly Omit<ServiceRow, 'id_tag'>[],
): Promise<void> {
  await db.deleteFrom('services').where('id_tag', '=', idTag).execute();
  if (services.length === 0) return;
  await db
    .insertInto('services')
    .values(services.map((service) => ({ id_tag: idTag, ...service })))
    .execute();
}

export function findSeenLinks(db: Executor, neighbour: string): Promise<SeenLinksRow | undefined> {
  return db.selectFrom('seen_links').selectAll().where('id_tag', '=', neighbour).executeTakeFirst();
}

export async function saveSeenLinks(db: Executor, row: SeenLinksRow): Promise<void> {
  const { links, checked_at } = row;
  await db
    .insertInto('seen_links')
    .values(row)
    .onConflict((conflict) => conflict.doUpdateSet({ links, checked_at }))
    .execute();
}
