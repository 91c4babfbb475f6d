import type { Database } from '../store/database.ts';

/** Pause after which a burst of edits is marked once more: an acknowledgement may have cleared the mark meanwhile. */
const AGAIN = 400;

/**
 * Marks a document as having edits that the relay has not acknowledged. Rejects when Dexie cannot store it.
 * @param at when it was edited, milliseconds; absent when it may only be edited soon
 */
export async function markDirty(db: Database, doc: string, at?: number): Promise<void> {
  await db.transaction('rw', db.sync, async () => {
    const row = await db.sync.get(doc);
    const since = row?.since ?? at;
    if (row?.dirty === 1 && row.since === since) return;
    await db.sync.put({ ...row, doc, dirty: 1, ...(since !== undefined && { since }) });
  });
}

/** Keeps the mark while someone edits. */
export interface DirtyMark {
  /** An edit happened: marked at once, and once more after the burst. */
  edited(): void;
  /** Resolves when the marks asked for so far are stored; rejects when one could not be. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function createDirtyMark(db: Database, doc: string, now: () => number): DirtyMark {
  let marking: Promise<void> | undefined;
  let failure: unknown;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const mark = async (at?: number): Promise<void> => {
    try {
      await markDirty(db, doc, at);
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    marking = undefined;
  };
  const start = (at?: number): void => {
    marking ??= mark(at);
  };
  const settled = async (): Promise<void> => {
    if (failure !== undefined) start();
    await marking;
    if (failure !== undefined) throw failure;
  };
  return {
    edited() {
      // Only the first: when the burst is over, all of it may be acknowledged.
      if (timer === undefined) start(now());
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        start();
      }, AGAIN);
    },
    settled,
    async close() {
      if (timer !== undefined) {
        clearTimeout(timer);
        start();
      }
      await marking;
    },
  };
}
