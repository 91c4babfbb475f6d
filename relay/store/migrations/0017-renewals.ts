import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table sightings add column agent text`,
  `alter table suspensions add column agent text`,
];

/** From which kind of browser keys were renewed. */
export const renewals = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
