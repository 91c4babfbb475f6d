import type { Kysely } from 'kysely';
import { enterRoomRows } from '../room-rows.ts';
import type { Tables } from '../tables.ts';

/** The index of a space is found in the log like any document: devices read it first. */
export const indexRows = {
  async up(db: Kysely<unknown>): Promise<void> {
    const known = db as Kysely<Tables>;
    const spaces = await known.selectFrom('sync_batches').select('id_tag').distinct().execute();
    for (const { id_tag } of spaces) await enterRoomRows(known, id_tag);
  },
};
