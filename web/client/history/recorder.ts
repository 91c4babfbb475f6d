import * as Y from 'yjs';
import type { Documents } from '../documents/documents.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { readStored, storeName } from '../documents/stored-updates.ts';
import { storageName } from '../spaces.ts';
import type { Database } from '../store/database.ts';

/** Notes what is written on this device, for the history of what the relay does not have. */
export interface Recorder {
  /** Resolves when everything that was written before is noted. */
  flush(): Promise<void>;
  close(): void;
}

export interface RecorderParts {
  readonly db: Database;
  readonly documents: Pick<Documents, 'onLocalUpdate'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** A moment is what was written within this many milliseconds. */
const moment = 5_000;
/** So many bytes are put together in one go: a few milliseconds of work. */
const atOnce = 8_192;

/** Notes edits of this browser until it is closed. Only one tab should: see `recordInOneTab`. */
export function startRecorder({ db, documents, now, onFailure }: RecorderParts): Recorder {
  const waiting = new Map<string, Uint8Array[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (doc: string, updates: Uint8Array[]): Promise<void> => {
    const isFirst =
      (await db.moments.where('doc').equals(doc).count()) +
        (await db.rows.where('doc').equals(doc).count()) ===
      0;
    const before = isFirst ? await readBefore(db, doc) : [];
    const at = now();
    const moments = [...before, Y.mergeUpdates(updates)].map((update) => ({ doc, at, update }));
    // One that is first goes with the others or not at all: what builds on it would show nothing.
    await db.transaction('rw', db.moments, () => db.moments.bulkAdd(moments));
  };
  /** Once more with a fresh connection; what then cannot be noted is told, and goes with what is written next. */
  const writeOrKeep = async (doc: string, updates: Uint8Array[]): Promise<void> => {
    try {
      await write(doc, updates).catch(() => write(doc, updates));
    } catch (error) {
      waiting.set(doc, [...updates, ...(waiting.get(doc) ?? [])]);
      onFailure(error);
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const taken = [...waiting];
    waiting.clear();
    writing = writing.then(async () => {
      for (const [doc, updates] of taken) await writeOrKeep(doc, updates);
    });
    return writing;
  };
  const stop = documents.onLocalUpdate((doc, update) => {
    if (doc === INDEX_ID) return;
    const updates = waiting.get(doc);
    if (updates) updates.push(update);
    else waiting.set(doc, [update]);
    timer ??= setTimeout(() => void flush(), moment);
  });
  return {
    flush,
    close() {
      stop();
      void flush();
    },
  };
}

/**
 * All that was there before the first moment: later ones build on it. As it is stored, small rows put together: to build the document
 * and write it out anew held the page up for a tenth of a second when it was long. What is not stored yet is among the edits themselves.
 */
async function readBefore(db: Database, doc: string): Promise<Uint8Array[]> {
  // These first: when they are stored they go from here.
  const pending = await db.pending.where('doc').equals(doc).toArray();
  const rows = [...(await readStored(storeName(doc))), ...pending.map(({ update }) => update)];
  const merged: Uint8Array[] = [];
  for (const [i, group] of groupRows(rows).entries()) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve));
    merged.push(...mergeRows(group));
  }
  return merged;
}

/** A damaged row, which reading passes over, keeps those beside it apart. */
function mergeRows(rows: Uint8Array[]): Uint8Array[] {
  try {
    return [Y.mergeUpdates(rows)];
  } catch {
    return rows;
  }
}

/** Neighbours that are small together; what is large stays alone, and is not read for that. */
function groupRows(rows: readonly Uint8Array[]): Uint8Array[][] {
  const groups: Uint8Array[][] = [];
  let size = Infinity;
  for (const row of rows) {
    size += row.length;
    if (size > atOnce) {
      groups.push([]);
      size = row.length;
    }
    groups.at(-1)?.push(row);
  }
  return groups;
}

/** Records in the tab that holds the Web Lock `islet-history`, until the page ends. */
export function recordInOneTab(parts: RecorderParts): void {
  navigator.locks
    .request(storageName('islet-history'), async () => {
      const recorder = startRecorder(parts);
      await new Promise<void>((resolve) =>
        window.addEventListener('pagehide', (event) => (event.persisted ? undefined : resolve())),
      );
      recorder.close();
    })
    .catch(parts.onFailure);
}
