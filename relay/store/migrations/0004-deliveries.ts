import { type Kysely, sql } from 'kysely';

const statements = [
  `create table absences (
    neighbour text primary key, failures integer not null, until integer not null, reached integer not null) strict`,
  `drop index deliveries_waiting`,
  `create index deliveries_due on deliveries (neighbour, next_at, id) where state = 'waiting'`,
  `create index deliveries_states on deliveries (id_tag, statement_id, state, id)`,
];

/** Neighbours that are left alone for a while, and ways to what is due and to where a delivery stands. */
export const deliveries = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
