import { type Kysely, sql } from 'kysely';

const statements = [
  `create table allowances (
    rule text not null, who text not null, left real not null, at integer not null,
    primary key (rule, who)) strict, without rowid`,
];

/** Who has used up what. */
export const limits = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
