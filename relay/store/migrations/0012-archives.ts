import { type Kysely, sql } from 'kysely';

const statements = [
  `create table exports (
    id text primary key, id_tag text not null references identities, purpose text not null, state text not null, done integer not null,
    total integer not null, size integer not null, missing integer not null, created_at integer not null, ended_at integer) strict`,
  `create table imports (
    id text primary key, id_tag text not null unique, mark text not null, size integer not null, received integer not null,
    state text not null, reason text, identity text, keys blob, created_at integer not null, touched_at integer not null) strict`,
  `create table moves (id_tag text primary key, state text not null, at integer not null) strict`,
];

/** Archives that are made and taken in, and identities that leave this relay. */
export const archives = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
