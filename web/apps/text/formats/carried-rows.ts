import { isTold } from '../../../../shared/sync/row.ts';
import { parseHistoryBatch } from '../../../../shared/sync/history.ts';
import type { Database } from '../../../client/store/database.ts';
import type { Carried } from './standalone.ts';

/** The signed rows of a document that this device has, oldest first, for a file that carries it. */
export async function readCarriedRows(db: Database, doc: string): Promise<Carried['rows']> {
  const rows = await db.rows.where('doc').equals(doc).toArray();
  return rows.sort((a, b) => b.old - a.old || a.seq - b.seq).map(({ log, entry }) => ({ log, entry }));
}

/**
 * Keeps the rows that a file brought for the history, beside those that are here. They are of a log that may be another relay's;
 * whether they are genuine is told when the history is verified, as for all others. What cannot be read, or tells of another
 * document, is passed over.
 */
export async function keepCarriedRows(db: Database, doc: string, rows: Carried['rows']): Promise<void> {
  for (const { log, entry } of rows) {
    const at = readRow(entry, doc);
    if (at === undefined) continue;
    const { device, session, first, time } = at.batch;
    const key: [string, string, string, number] = [doc, device, session, first];
    await db.transaction('rw', db.rows, async () => {
      if ((await db.rows.get(key)) !== undefined) return;
      await db.rows.put({ doc, device, session, first, time, log, seq: at.seq, old: 1, entry });
    });
  }
}

function readRow(entry: Uint8Array, doc: string) {
  try {
    const at = parseHistoryBatch(entry);
    return at.batch.rows.every((row) => row.doc === doc || !isTold(row)) ? at : undefined;
  } catch {
    // Not a row: the document itself is whole without it.
    return undefined;
  }
}
