import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from 'y-indexeddb';
import type * as Y from 'yjs';
import { type Expected, confirmStored, openStore, settleStore } from './stored-updates.ts';

const TRIM_DELAY = 1000;
/** Longest wait for a document to load. */
const PATIENCE = 20_000;

/** The one writer of a document's store in this browser. Only the holder of the lock `doc:<id>` opens one. */
export interface DocumentWriter {
  /** Rejects unless everything written so far is durable and reads back. */
  confirm(at: number): Promise<void>;
  /** Ends all work on the store, then lets go of it. Never rejects: what failed was told by `confirm`. */
  close(): Promise<void>;
}

/**
 * Attaches y-indexeddb to a document and waits until stored rows are in it. Rejects when IndexedDB cannot be opened.
 * y-indexeddb neither reports its writes nor survives a closed database, so its update listener is called through a
 * guard, and its trim is run here, where its end can be awaited.
 */
export async function openDocumentWriter(name: string, doc: Y.Doc): Promise<DocumentWriter> {
  (await openStore(name)).close();
  const persistence = new IndexeddbPersistence(name, doc);
  try {
    await loaded(persistence);
  } catch (error) {
    await persistence.destroy().catch(() => undefined); // it never opened: there is nothing to close
    throw error;
  }
  return attachGuard(persistence, doc);
}

/** y-indexeddb says when it has loaded, and nothing at all when it failed to. */
async function loaded(persistence: IndexeddbPersistence): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new Error('IndexedDB did not answer'));
  });
  try {
    await Promise.race([persistence._db.then(() => persistence.whenSynced), silence]);
  } finally {
    clearTimeout(timer);
  }
}

function attachGuard(persistence: IndexeddbPersistence, doc: Y.Doc): DocumentWriter {
  /** What was written last; asked for alone only when all before it has been proved. */
  let last: Uint8Array | undefined;
  let proved = false;
  let trims = 0;
  let failure: Error | undefined;
  let trim: Promise<void> | undefined;
  let trimTimer: ReturnType<typeof setTimeout> | undefined;

  const store = (update: Uint8Array, origin: unknown): void => {
    if (origin === persistence) return;
    try {
      persistence._storeUpdate(update, origin);
      last = update;
    } catch (error) {
      // A closed database throws here, inside the edit; the edit goes on, and the next confirmation tells.
      failure = toError(error);
    }
    clearTimeout(persistence._storeTimeoutId);
    persistence._storeTimeoutId = null;
    if (persistence._dbsize >= PREFERRED_TRIM_SIZE) scheduleTrim();
  };
  const scheduleTrim = (): void => {
    clearTimeout(trimTimer);
    trimTimer = setTimeout(() => {
      trim ??= runTrim().finally(() => (trim = undefined));
    }, TRIM_DELAY);
  };
  const runTrim = async (): Promise<void> => {
    try {
      trims += 1;
      proved = false;
      await storeState(persistence, true);
      await settleStore(connection(persistence));
    } catch (error) {
      failure = toError(error);
    }
  };

  doc.off('update', persistence._storeUpdate);
  doc.on('update', store);
  return {
    async confirm(at) {
      if (failure !== undefined) throw failure;
      const before = trims;
      const expected: Expected =
        proved && last !== undefined ? { kind: 'row', bytes: last } : { kind: 'all', doc };
      // A failure leaves it unproved: the next row alone would say nothing of the ones that were lost.
      proved = false;
      await confirmStored(connection(persistence), expected, at);
      if (failure !== undefined) throw failure;
      proved = trims === before;
    },
    async close() {
      clearTimeout(trimTimer);
      doc.off('update', store);
      await trim;
      // A destroyed persistence skips loading but not trimming: it may go only when its transactions have ended.
      try {
        await settleStore(connection(persistence));
      } catch (error) {
        failure ??= toError(error);
      }
      await persistence.destroy();
    },
  };
}

function connection(persistence: IndexeddbPersistence): IDBDatabase {
  if (persistence.db === null) throw new Error('IndexedDB is not open');
  return persistence.db;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
