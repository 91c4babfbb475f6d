import type * as Y from 'yjs';
import type { Row } from '../../../shared/sync/row.ts';
import { documentTypeIds } from '../documents/types.ts';
import { forgetUploads } from '../files/forget-uploads.ts';
import { storageName } from '../spaces.ts';
import { noteLoss, tablesOfLoss } from '../restore/losses.ts';
import type { Database, SyncRow } from '../store/database.ts';
import { addRows, decodeKnown, encodeKnown, holdsAll, isHeldBy, missingUpdate } from './known.ts';

/** When it was known that the relay holds rows, milliseconds, and where they stand in its log, as far as that is known. */
export interface Placed {
  at: number;
  log?: string;
  seq?: number;
}

/** How a document of this device compares with what the relay is known to hold. */
export interface Comparison {
  /** What the relay lacks; undefined when nothing. */
  missing: Uint8Array | undefined;
  /** The relay is known to hold what this device does not have any more: its storage lost a row. */
  gap: boolean;
}

/** What the relay holds of each document, in Dexie `sync`; the only place that clears a dirty mark. */
export interface Ledger {
  /** The relay holds these rows. */
  add(rows: readonly Row[], placed: Placed): Promise<void>;
  /** Rows of this device have their place in the log now. */
  place(ids: readonly string[], placed: { log: string; seq: number }): Promise<void>;
  /** These have edits that the relay may lack, the oldest of these times. Where an older one is known it stays. */
  wait(oldest: ReadonlyMap<string, number>): Promise<void>;
  compare(id: string, doc: Y.Doc): Promise<Comparison>;
  dirtyDocuments(): Promise<string[]>;
  /** When the oldest edit was made that the relay has not acknowledged, milliseconds. */
  oldest(): Promise<number | undefined>;
  /** These have something that the relay may lack. */
  mark(ids: readonly string[]): Promise<void>;
  /** The relay holds all of these; documents that are being edited keep their mark. @param at milliseconds */
  clear(ids: readonly string[], at: number): Promise<void>;
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

/** The later place in the same log; another log begins anew. */
function laterPlace(
  before: SyncRow | undefined,
  { log, seq }: Omit<Placed, 'at'>,
): Pick<SyncRow, 'log' | 'seq'> {
  if (log === undefined || seq === undefined) return {};
  return { log, seq: before?.log === log ? Math.max(before.seq ?? 0, seq) : seq };
}

function settled({ since: _since, ...row }: SyncRow, at: number): SyncRow {
  return { ...row, stored: Math.max(row.stored ?? 0, at) };
}

export function createLedger(db: Database): Ledger {
  /** Changes rows in one transaction; `undefined` leaves one as it is. */
  const change = (
    ids: readonly string[],
    next: (doc: string, before: SyncRow | undefined) => SyncRow | undefined,
  ): Promise<void> =>
    db.transaction('rw', db.sync, async () => {
      const before = await db.sync.bulkGet([...ids]);
      await db.sync.bulkPut(ids.flatMap((doc, i) => next(doc, before[i]) ?? []));
    });

  return {
    add: async (rows, placed) => {
      const byDocument = Map.groupBy(rows, ({ doc }) => doc);
      await change([...byDocument.keys()], (doc, before) => {
        const updates = byDocument.get(doc)!.map(({ update }) => update);
        const acked = encodeKnown(addRows(decodeKnown(before?.acked), updates));
        const row = { ...before, doc, dirty: before?.dirty ?? 0, acked, ...laterPlace(before, placed) };
        return row.since === undefined ? settled(row, placed.at) : row;
      });
    },
    place: (ids, placed) =>
      change(ids, (_doc, before) => before && { ...before, ...laterPlace(before, placed) }),
    wait: (oldest) =>
      change([...oldest.keys()], (doc, before) => ({
        ...before,
        doc,
        dirty: 1,
        since: Math.min(before?.since ?? Infinity, oldest.get(doc)!),
      })),
    compare: async (id, doc) => {
      const known = decodeKnown((await db.sync.get(id))?.acked);
      return {
        missing: holdsAll(known, doc) ? undefined : missingUpdate(known, doc),
        gap: !isHeldBy(known, doc),
      };
    },
    dirtyDocuments: () => db.sync.where('dirty').equals(1).primaryKeys(),
    oldest: async () => {
      const rows = await db.sync.where('dirty').equals(1).toArray();
      const times = rows.flatMap(({ since }) => since ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    mark: (ids) => change(ids, (doc, before) => ({ ...before, doc, dirty: 1 })),
    clear: async (ids, at) => {
      if (ids.length === 0) return;
      const open = await openElsewhere();
      await change(
        ids,
        (doc, before) => before && { ...settled(before, at), ...(!open.has(doc) && { dirty: 0 }) },
      );
    },
    forget: async (at) => {
      const tables = [db.sync, db.documents, db.blobs, db.uploads, db.copies, ...tablesOfLoss(db)];
      await db.transaction('rw', tables, async () => {
        await noteLoss(db, at);
        await forgetUploads(db);
        await db.copies.clear();
        const ids = new Set([
          ...(await db.sync.toCollection().primaryKeys()),
          ...(await db.documents.where('type').anyOf(documentTypeIds).primaryKeys()),
        ]);
        const exported = new Map((await db.sync.toArray()).map((row) => [row.doc, row.exported]));
        await db.sync.bulkPut(
          [...ids].map((doc) => {
            const time = exported.get(doc);
            return { doc, dirty: 1 as const, ...(time !== undefined && { exported: time }) };
          }),
        );
      });
    },
  };
}
