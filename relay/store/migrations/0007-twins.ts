import { type Kysely, sql } from 'kysely';

const statements = [
  `create table twins (
    id_tag text not null references identities, action_id text not null, iss text not null, statement_id text not null,
    primary key (id_tag, action_id)) strict`,
  `create index twins_statement on twins (id_tag, iss, statement_id)`,
];

/** Other identifiers of statements that came with more than one signature. */
export const twins = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
