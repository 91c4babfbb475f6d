import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table profiles add column failing_since integer not null default 0`,
  `alter table profiles add column returned_at integer not null default 0`,
  `create table pins (
    id_tag text not null references identities, neighbour text not null, keys text not null, head text, length integer not null,
    changed integer not null, forked integer not null, offered text, since integer not null, looked_at integer not null,
    primary key (id_tag, neighbour)) strict, without rowid`,
  `create table histories (
    id_tag text not null references identities, neighbour text not null, state text not null, tries integer not null,
    next_at integer not null, pulled_at integer not null, primary key (id_tag, neighbour)) strict, without rowid`,
];

/** Neighbours that do not answer, what is known of their keys and devices, and whose earlier posts were asked for. */
export const reading = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
