import { type Kysely, sql } from 'kysely';
import { readPayload } from '../../../shared/action/action.ts';
import { referencesOf } from '../action-references.ts';

const statements = [
  `alter table actions add column aud text`,
  `alter table actions add column parent text`,
  `alter table actions add column subject text`,
  `alter table actions add column about text`,
  `create index actions_about on actions (id_tag, about, type) where about is not null`,
  `create index actions_parent on actions (id_tag, parent, type) where parent is not null`,
  `create index actions_subject on actions (id_tag, subject, type) where subject is not null`,
  `create index actions_type on actions (id_tag, type, iat)`,
  `alter table relations add column connected text not null default 'none'`,
  `alter table relations add column blocked integer not null default 0`,
  `alter table relations add column muted integer not null default 0`,
  `create index relations_follower on relations (id_tag, neighbour) where follower = 1`,
];

interface Old {
  actions: {
    seq: number;
    token: string;
    aud: string | null;
    parent: string | null;
    subject: string | null;
    about: string | null;
  };
}

/** Whom and what an action names, to find it by; connections, blocks and mutes. */
export const neighbours = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
    const old = db as Kysely<Old>;
    for (const { seq, token } of await old.selectFrom('actions').select(['seq', 'token']).execute()) {
      const references = referencesOf(readPayload(token));
      await old.updateTable('actions').set(references).where('seq', '=', seq).execute();
    }
  },
};
