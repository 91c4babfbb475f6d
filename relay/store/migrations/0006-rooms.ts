import { type Kysely, sql } from 'kysely';
import { enterRoomRows } from '../room-rows.ts';
import type { Tables } from '../tables.ts';

const statements = [
  `create table room_rows (
    id_tag text not null references identities, doc text not null, seq integer not null,
    primary key (id_tag, doc, seq)) strict, without rowid`,
  `create table room_states (
    id_tag text not null references identities, doc text not null, seq integer not null, state blob not null,
    primary key (id_tag, doc)) strict`,
];

/** Which batches of the log a document is in, to open it without reading the whole log; and what was read of it, as a cache. */
export const rooms = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
    const known = db as Kysely<Tables>;
    const spaces = await known.selectFrom('sync_batches').select('id_tag').distinct().execute();
    for (const { id_tag } of spaces) await enterRoomRows(known, id_tag);
  },
};
