import * as v from 'valibot';
import type * as Y from 'yjs';
import type { Cursor } from '../../../shared/sync/frame.ts';
import type { Row } from '../../../shared/sync/row.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { storeName } from '../documents/stored-updates.ts';
import type { Database } from '../store/database.ts';
import type { Ledger } from './ledger.ts';

/** Which documents lost rows on this device, and up to where the log is read once more for them. */
const healSchema = v.object({
  space: v.literal('heal'),
  docs: v.array(v.string()),
  log: v.string(),
  until: v.number(),
});

/** Documents of which this device lost something that the relay holds (SPEC S17). */
export interface Healing {
  /** Whether a row is to be taken: of what was read before, only what was lost. */
  takes(row: Row, place: { log: string; seq: number }): boolean;
  /** The log has been read up to there. */
  reached(cursor: Cursor): Promise<void>;
  /**
   * Notes that these lost something and forgets the cursor, so that the log is read from its beginning.
   * @returns false when each of them was read anew before: what is missing is nowhere
   */
  begin(docs: readonly string[], cursor: Cursor): Promise<boolean>;
  /** The relay's log is another one: all of it is read anyway. */
  cancel(): Promise<void>;
}

/** What was begun in an earlier life goes on. */
export async function openHealing(db: Database, space: string): Promise<Healing> {
  const stored = v.safeParse(healSchema, await db.cursors.get('heal'));
  let now = stored.success ? stored.output : undefined;
  let wanted = new Set(now?.docs);
  const tried = new Set<string>();

  const cancel = async (): Promise<void> => {
    now = undefined;
    wanted = new Set();
    await db.cursors.delete('heal');
  };
  return {
    takes: ({ doc }, { log, seq }) =>
      now === undefined || now.log !== log || seq > now.until || wanted.has(doc),
    reached: async ({ log, seq }) => {
      if (now !== undefined && (now.log !== log || seq >= now.until)) await cancel();
    },
    begin: async (docs, cursor) => {
      const fresh = docs.filter((doc) => !tried.has(doc));
      if (fresh.length === 0 || cursor.log === '') return false;
      const until = Math.max(cursor.seq, now?.log === cursor.log ? now.until : 0);
      const next = {
        space: 'heal' as const,
        docs: [...new Set([...wanted, ...fresh])],
        log: cursor.log,
        until,
      };
      await db.transaction('rw', db.sync, db.cursors, async () => {
        const before = await db.sync.bulkGet(next.docs);
        await db.sync.bulkPut(
          next.docs.map((doc, i) => {
            const { acked: _acked, stored: _stored, ...row } = before[i] ?? { doc };
            return { ...row, dirty: 1 as const };
          }),
        );
        await db.cursors.put(next);
        await db.cursors.delete(space);
      });
      for (const doc of fresh) tried.add(doc);
      now = next;
      wanted = new Set(next.docs);
      return true;
    },
    cancel,
  };
}

export interface LostParts {
  db: Database;
  ledger: Ledger;
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
}

/**
 * Documents that the browser threw away while it kept what is known of them: the index when it lacks what the relay holds, and others whose
 * database is gone.
 */
export async function findLost(parts: LostParts): Promise<string[]> {
  const { db } = parts;
  const lost = (await hasGap(INDEX_ID, parts)) ? [INDEX_ID] : [];
  // A browser that cannot list databases shows gaps when documents are opened.
  const databases = (await globalThis.indexedDB.databases?.()) ?? [];
  const names = new Set(databases.map(({ name }) => name));
  if (!names.has(storeName(INDEX_ID))) return lost;
  const waiting = new Set(await db.pending.orderBy('doc').uniqueKeys());
  const known = await db.sync.filter(({ acked }) => acked !== undefined).primaryKeys();
  const gone = known.filter((id) => !names.has(storeName(id)) && !waiting.has(id));
  return [...new Set([...lost, ...gone])];
}

/** Whether a document lacks what the relay is known to hold. Looked at twice: another tab may just be storing what came. */
export async function hasGap(id: string, { ledger, snapshot }: LostParts): Promise<boolean> {
  for (let i = 0; i < 2; i++) {
    const { doc } = await snapshot(id);
    const { gap } = await ledger.compare(id, doc);
    doc.destroy();
    if (!gap) return false;
  }
  return true;
}
