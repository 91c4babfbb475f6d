import { type Kysely, sql } from 'kysely';

const statements = [
  `alter table quarantine add column owner text`,
  `alter table quarantine add column mime text`,
  `create table quarantine_blobs (
    id_tag text not null references identities, item text not null, blob text not null, size integer not null,
    primary key (id_tag, item, blob)) strict`,
  `create index quarantine_blobs_blob on quarantine_blobs (blob, id_tag)`,
];

/** Files and pictures that lost devices handed over. */
export const quarantineBlobs = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
