import * as Y from 'yjs';
import type { Documents } from '../documents/documents.ts';
import { INDEX_ID } from '../documents/document-id.ts';
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
  readonly documents: Pick<Documents, 'onLocalUpdate' | 'snapshot'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** A moment is what was written within this many milliseconds. */
const moment = 5_000;

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
    const update = isFirst ? await readAll(documents, doc) : Y.mergeUpdates(updates);
    await db.moments.add({ doc, at: now(), update });
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

/** The first moment holds all that was there before: later ones build on it. */
async function readAll(documents: Pick<Documents, 'snapshot'>, id: string): Promise<Uint8Array> {
  const { doc } = await documents.snapshot(id);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
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
