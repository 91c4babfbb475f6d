import * as decoding from 'lib0/decoding';
import { type Kysely, sql } from 'kysely';
import { readBatch } from '../../../shared/sync/row.ts';
import { documentsOf } from '../room-rows.ts';

const statements = [
  `create table room_rows (
    id_tag text not null references identities, doc text not null, seq integer not null,
    primary key (id_tag, doc, seq)) strict, without rowid`,
  `create table room_states (
    id_tag text not null references identities, doc text not null, seq integer not null, state blob not null,
    primary key (id_tag, doc)) strict`,
];

interface Known {
  sync_batches: { id_tag: string; seq: number; batch: Uint8Array };
  room_rows: { id_tag: string; doc: string; seq: number };
}

const pageSize = 100;

/** Which batches of the log a document is in, to open it without reading the whole log; and what was read of it, as a cache. */
export const rooms = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
    const known = db as Kysely<Known>;
    const tenants = await known.selectFrom('sync_batches').select('id_tag').distinct().execute();
    for (const { id_tag } of tenants) await indexLog(known, id_tag);
  },
};

async function indexLog(db: Kysely<Known>, idTag: string): Promise<void> {
  for (let after = 0; ;) {
    const page = await db
      .selectFrom('sync_batches')
      .select(['id_tag', 'seq', 'batch'])
      .where('id_tag', '=', idTag)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    for (const { seq, batch } of page)
      for (const doc of readDocuments(batch))
        await db.insertInto('room_rows').values({ id_tag: idTag, doc, seq }).execute();
    const last = page.at(-1);
    if (!last) return;
    after = last.seq;
  }
}

/** A batch that cannot be read keeps no relay from starting: it is told when a device reads the log. */
function readDocuments(batch: Uint8Array): string[] {
  try {
    return documentsOf(readBatch(decoding.createDecoder(new Uint8Array(batch))));
  } catch {
    return [];
  }
}
