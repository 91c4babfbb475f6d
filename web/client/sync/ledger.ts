import type * as Y from 'yjs';
import type { Row } from '../../../shared/sync/row.ts';
import { forgetUploads } from '../files/forget-uploads.ts';
import { storageName } from '../spaces.ts';
import { noteLoss, tablesOfLoss } from '../restore/losses.ts';
import type { Database } from '../store/database.ts';
import { addRows, decodeKnown, encodeKnown, holdsAll, missingUpdate } from './known.ts';

/** What the relay holds of each document, in Dexie `sync`; the only place that clears a dirty mark. */
export interface Ledger {
  /** The relay holds these rows. */
  add(rows: readonly Row[]): Promise<void>;
  /** What the relay lacks of a document; undefined when nothing. */
  missing(id: string, doc: Y.Doc): Promise<Uint8Array | undefined>;
  dirtyDocuments(): Promise<string[]>;
  /** These have something that the relay may lack. */
  mark(ids: readonly string[]): Promise<void>;
  /** The relay holds all of these; documents that are being edited keep their mark. */
  clear(ids: readonly string[]): Promise<void>;
  /** The relay lost what it had: nothing is known, everything is to be compared, read and uploaded again. @param at milliseconds since 1970 */
  forget(at: number): Promise<void>;
}

const documentLock = storageName('doc:');

async function openElsewhere(): Promise<Set<string>> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return new Set(
    [...held, ...pending].flatMap(({ name }) =>
      name?.startsWith(documentLock) ? [name.slice(documentLock.length)] : [],
    ),
  );
}

export function createLedger(db: Database): Ledger {
  return {
    add: async (rows) => {
      const byDocument = Map.groupBy(rows, ({ doc }) => doc);
      await db.transaction('rw', db.sync, async () => {
        const ids = [...byDocument.keys()];
        const before = await db.sync.bulkGet(ids);
        await db.sync.bulkPut(
          ids.map((doc, i) => {
            const updates = byDocument.get(doc)!.map(({ update }) => update);
            const acked = encodeKnown(addRows(decodeKnown(before[i]?.acked), updates));
            return { doc, dirty: before[i]?.dirty ?? 0, acked };
          }),
        );
      });
    },
    missing: async (id, doc) => {
      const known = decodeKnown((await db.sync.get(id))?.acked);
      return holdsAll(known, doc) ? undefined : missingUpdate(known, doc);
    },
    dirtyDocuments: () => db.sync.where('dirty').equals(1).primaryKeys(),
    mark: async (ids) => {
      await db.transaction('rw', db.sync, async () => {
        const before = await db.sync.bulkGet([...ids]);
        await db.sync.bulkPut(ids.map((doc, i) => ({ ...before[i], doc, dirty: 1 as const })));
      });
    },
    clear: async (ids) => {
      if (ids.length === 0) return;
      const open = await openElsewhere();
      const closed = ids.filter((id) => !open.has(id));
      await db.sync.where('doc').anyOf(closed).modify({ dirty: 0 });
    },
    forget: async (at) => {
      const tables = [db.sync, db.documents, db.blobs, db.uploads, ...tablesOfLoss(db)];
      await db.transaction('rw', tables, async () => {
        await noteLoss(db, at);
        await forgetUploads(db);
        const ids = new Set([
          ...(await db.sync.toCollection().primaryKeys()),
          ...(await db.documents.where('type').anyOf('text', 'quill', 'other').primaryKeys()),
        ]);
        await db.sync.bulkPut([...ids].map((doc) => ({ doc, dirty: 1 as const })));
      });
    },
  };
}
