import { removeAwarenessStates } from 'y-protocols/awareness';
import { markDirty } from './dirty.ts';
import type { OpenDocument } from './documents.ts';
import { isDocumentId } from './document-id.ts';
import { NEWEST_SCHEMA } from './index-entries.ts';
import { LiveDocument, type LiveOptions } from './live-document.ts';

/** The documents that are open in this tab, each once, however many hold it. */
export interface OpenSet {
  open(id: string): Promise<OpenDocument>;
  find(id: string): LiveDocument | undefined;
  /** Says in words, on the document itself, what went wrong around it. */
  fail(id: string, error: unknown): void;
  catchUnsaved(leaving: boolean): void;
  /** Tells the carets and names of this tab once more. */
  showCarets(): void;
  beforeClose(act: (id: string) => void): void;
  /** A newer build has the storage: this tab writes none of them any more. */
  giveWay(): Promise<void>;
  closeAll(which: (id: string) => boolean): Promise<void>;
}

interface Held {
  live: LiveDocument;
  holders: number;
  ready: Promise<void>;
}

export interface OpenSetOptions extends Omit<LiveOptions, 'onLocal' | 'onCarets'> {
  onLocal: (doc: string, update: Uint8Array) => void;
  onCarets: (doc: string, states: Uint8Array) => void;
}

export function createOpenSet(options: OpenSetOptions): OpenSet {
  const held = new Map<string, Held>();
  const closing = new Map<string, Promise<void>>();
  let beforeClose = (_id: string): void => undefined;

  const fail = (id: string, error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    held.get(id)?.live.saved.set({ kind: 'failed', message });
  };
  const load = async (id: string, live: LiveDocument): Promise<void> => {
    let failure: unknown;
    const marking = markDirty(options.db, id).catch((error: unknown) => (failure = error));
    await live.open();
    await marking;
    if (failure !== undefined) fail(id, failure);
  };
  const hold = (id: string): Held => {
    const known = held.get(id);
    if (known !== undefined) return known;
    const live = new LiveDocument(id, {
      ...options,
      onLocal: (update) => options.onLocal(id, update),
      onCarets: (states) => options.onCarets(id, states),
    });
    const fresh = { live, holders: 0, ready: load(id, live) };
    held.set(id, fresh);
    // One that did not open is not handed to the next who asks.
    fresh.ready.catch(() => held.delete(id));
    return fresh;
  };
  const letGo = async (id: string, entry: Held): Promise<void> => {
    if (held.get(id) !== entry) return closing.get(id);
    beforeClose(id);
    held.delete(id);
    const ended = entry.live.close().finally(() => closing.delete(id));
    closing.set(id, ended);
    await ended;
  };

  return {
    find: (id) => held.get(id)?.live,
    fail,
    async open(id) {
      if (!isDocumentId(id)) throw new Error(`not a document id: ${id.slice(0, 40)}`);
      await closing.get(id);
      const entry = hold(id);
      entry.holders += 1;
      await entry.ready;
      return createHandle(entry.live, async () => {
        entry.holders -= 1;
        if (entry.holders === 0) await letGo(id, entry);
      });
    },
    catchUnsaved(leaving) {
      for (const { live } of held.values()) {
        live.catchUnsaved();
        if (leaving) removeAwarenessStates(live.awareness, [live.doc.clientID], 'leaving');
      }
    },
    showCarets() {
      for (const { live } of held.values()) live.awareness.setLocalState(live.awareness.getLocalState());
    },
    beforeClose(act) {
      beforeClose = act;
    },
    async giveWay() {
      await Promise.all([...held.values()].map(({ live, ready }) => ready.then(() => live.giveWay())));
    },
    async closeAll(which) {
      const ids = [...held.keys()].filter(which);
      await Promise.all(
        ids.map(async (id) => {
          const entry = held.get(id);
          await entry?.ready;
          if (entry !== undefined) await letGo(id, entry);
        }),
      );
      await Promise.all([...closing.entries()].filter(([id]) => which(id)).map(([, ended]) => ended));
    },
  };
}

function createHandle(live: LiveDocument, onClose: () => Promise<void>): OpenDocument {
  let closed: Promise<void> | undefined;
  return {
    id: live.id,
    doc: live.doc,
    awareness: live.awareness,
    saved: live.saved,
    get state() {
      return isNewer(live.doc.getMap('meta').get('schema')) ? 'newer-schema' : 'editable';
    },
    whenSaved: () => live.whenSaved(),
    close: () => (closed ??= onClose()),
  };
}

function isNewer(schema: unknown): boolean {
  return typeof schema === 'number' && schema > NEWEST_SCHEMA;
}
