import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table identity_keys add column used_from integer not null default 0`,
  `alter table identity_keys add column revoked_at integer`,
  `create table tellings (
    id_tag text not null references identities, neighbour text not null, told text not null,
    primary key (id_tag, neighbour)) strict`,
  `create table services (
    id_tag text not null references identities, kind text not null, url text not null,
    primary key (id_tag, kind, url)) strict`,
  `create table linked (
    id_tag text not null references identities, uri text not null, proof text, added_at integer not null,
    checked_at integer not null, proven_at integer, reason text,
    primary key (id_tag, uri)) strict`,
  `create table seen_links (
    id_tag text not null primary key, links text not null, checked_at integer not null) strict`,
];

/** Keys that come and go, who was told, and what an identity says that it is besides. */
export const identityKeys = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
