import { type Kysely, sql } from 'kysely';

const statements = [
  `create table sightings (
    id_tag text not null references identities, did text not null, seen_at integer not null,
    primary key (id_tag, did)) strict`,
  `create table suspensions (
    id_tag text not null references identities, origin text not null, parent text not null, did text not null, entry text not null,
    at integer not null, settled_at integer, primary key (id_tag, did)) strict`,
  `create table readmissions (
    id_tag text not null references identities, did text not null, asked_at integer not null, granted_at integer,
    primary key (id_tag, did)) strict`,
];

/** When devices came, which were copied, and which ask to come back. */
export const devices = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
