import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table files add column visibility text not null default 'D'`,
  `alter table identities add column profile_pic text`,
  `alter table identities add column cover_pic text`,
  `create table holdings (
    id_tag text not null references identities, blob text not null, size integer not null, loose integer not null,
    fetched_from text, added_at integer not null, primary key (id_tag, blob)) strict`,
  `create index holdings_blob on holdings (blob)`,
  `create index file_blobs_file on file_blobs (id_tag, file_id)`,
  `create index files_root on files (id_tag, substr(descriptor, 1, 52))`,
  `create table uploads (
    id text primary key, id_tag text not null references identities, blob text not null, size integer not null,
    received integer not null, loose integer not null, created_at integer not null, touched_at integer not null,
    unique (id_tag, blob)) strict`,
  `create table quotas (id_tag text primary key, bytes integer not null) strict`,
  `create table unreferenced (blob text primary key, since integer not null) strict`,
  `create table damages (blob text primary key, found_at integer not null) strict`,
  `create table chores (name text primary key, done_at integer not null) strict`,
];

/** Who holds which blob, uploads that are under way, limits, and what is to be tidied up. */
export const files = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
