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

type OnUpdate = (update: Uint8Array, origin: unknown) => void;

/**
 * Attaches y-indexeddb to a document and waits until stored rows are in it. Rejects when IndexedDB cannot be opened.
 * `onUpdate`, a listener of the document, is not told what is loaded.
 *
 * y-indexeddb neither reports its writes nor survives a closed database, so its update listener is called through a
 * guard, and its trim is run here, where its end can be awaited.
 */
export async function openDocumentWriter(
  name: string,
  doc: Y.Doc,
  onUpdate: OnUpdate,
): Promise<DocumentWriter> {
  (await openStore(name)).close();
  const persistence = new IndexeddbPersistence(name, doc);
  const load = loadUnheard(doc, persistence, [persistence._storeUpdate, onUpdate]);
  try {
    await loaded(persistence);
  } catch (error) {
    await persistence.destroy().catch(() => undefined); // it never opened: there is nothing to close
    throw error;
  }
  return attachGuard(persistence, doc, load.wasEmpty);
}

/** Longest run of rows that is read back row by row. */
const TAIL = 200;

/**
 * Takes listeners away for the one transaction that loads. While somebody listens, Yjs writes out what a transaction
 * changed, here the whole document, which takes a third of the time to open a long one.
 */
function loadUnheard(
  doc: Y.Doc,
  persistence: IndexeddbPersistence,
  listeners: readonly OnUpdate[],
): { wasEmpty: boolean } {
  const load = { wasEmpty: false };
  const begin = ({ origin }: Y.Transaction): void => {
    if (origin !== persistence) return;
    load.wasEmpty = doc.store.clients.size === 0 && doc.store.pendingStructs === null;
    doc.off('beforeTransaction', begin);
    for (const listener of listeners) doc.off('update', listener);
    // Whoever edits because of what was loaded is heard again.
    doc.on('beforeTransaction', end);
    doc.on('afterAllTransactions', end);
  };
  const end = (): void => {
    doc.off('beforeTransaction', end);
    doc.off('afterAllTransactions', end);
    for (const listener of listeners) doc.on('update', listener);
  };
  doc.on('beforeTransaction', begin);
  return load;
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

/** @param isStored whether all that the document holds now was read from the store */
function attachGuard(persistence: IndexeddbPersistence, doc: Y.Doc, isStored: boolean): DocumentWriter {
  let last: Uint8Array | undefined;
  /** The rows written since all before them was proved or read; undefined when that is not known. */
  let tail: Uint8Array[] | undefined = isStored ? [] : undefined;
  let trims = 0;
  let failure: Error | undefined;
  let trim: Promise<void> | undefined;
  let trimTimer: ReturnType<typeof setTimeout> | undefined;

  const store = (update: Uint8Array, origin: unknown): void => {
    if (origin === persistence) return;
    try {
      persistence._storeUpdate(update, origin);
      last = update;
      if (tail !== undefined && tail.push(update) > TAIL) tail = undefined;
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
      tail = undefined;
      await storeState(persistence, true);
      await settleStore(connection(persistence));
    } catch (error) {
      failure = toError(error);
    }
  };

  const expect = (): Expected => {
    if (tail === undefined || last === undefined) return { kind: 'all', doc };
    return { kind: 'rows', rows: tail.length === 0 ? [last] : tail };
  };

  doc.off('update', persistence._storeUpdate);
  doc.on('update', store);
  return {
    async confirm(at) {
      if (failure !== undefined) throw failure;
      const before = trims;
      const expected = expect();
      // What is written from now on stands behind what is being proved.
      tail = [];
      try {
        await confirmStored(connection(persistence), expected, at);
        if (failure !== undefined) throw failure;
      } catch (error) {
        // A failure leaves it unproved: the next rows alone would say nothing of the ones that were lost.
        tail = undefined;
        throw error;
      }
      if (trims !== before) tail = undefined;
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
