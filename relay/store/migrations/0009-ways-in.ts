import { type Kysely, sql } from 'kysely';

const statements = [
  `create table ways (
    id_tag text not null references identities, id text not null, kind text not null, name text not null, did text, sealed text,
    salt text, hash text, public_key blob, counter integer not null, created_at integer not null, used_at integer,
    primary key (id_tag, id)) strict, without rowid`,
  `create table tries (
    id_tag text not null references identities, door text not null, failures integer not null, next_at integer not null,
    primary key (id_tag, door)) strict, without rowid`,
  `create table verifications (
    id_tag text not null references identities, did text not null, at integer not null,
    primary key (id_tag, did)) strict, without rowid`,
];

/** Passwords and passkeys, how often somebody tried in vain, and when a device last showed that its person is there. */
export const waysIn = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
