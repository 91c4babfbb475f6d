import { type Kysely, sql } from 'kysely';

const statements = [
  `create table names (
    id_tag text primary key not null, type text not null, by_id_tag text, address text, key_hash text,
    registered_at integer not null, ended_at integer) strict`,
  `create table invitations (
    code_hash text primary key not null, by_id_tag text not null, note text not null, made_at integer not null,
    expires_at integer not null, used_by text) strict`,
];

/** Names that the relay gives, and whom it was asked to let in. */
export const names = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
