import { type Kysely, sql } from 'kysely';

const statements = [
  `create table quarantine (
    id_tag text not null references identities, id text not null, did text not null, device text not null, kind text not null,
    title text not null, size integer not null, item text not null, received_at integer not null,
    primary key (id_tag, id)) strict`,
];

/** What lost devices handed over. */
export const quarantine = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
