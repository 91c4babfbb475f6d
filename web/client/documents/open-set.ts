import { removeAwarenessStates } from 'y-protocols/awareness';
import { markDirty } from './dirty.ts';
import type { OpenDocument } from './documents.ts';
import { isDocumentId } from './document-id.ts';
import { NEWEST_SCHEMA } from './index-entries.ts';
import { LiveDocument, type LiveOptions } from './live-document.ts';

/** The documents that are open in this tab, each once, however many hold it. */
export interface OpenSet {
  open(id: string): Promise<OpenDocument>;
  /** Loads a document that may be opened next; it is not marked as edited, and nobody is shown in it. Undefined when it is open. */
  readAhead(id: string): Promise<OpenDocument | undefined>;
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
  /** Resolves when it is marked as one that may be edited; absent while it is only read ahead. */
  marked?: Promise<void>;
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
  const mark = async (id: string, loading: Promise<void>): Promise<void> => {
    const failure = await markDirty(options.db, id).catch((error: unknown) => ({ error }));
    await loading;
    if (failure !== undefined) fail(id, failure.error);
  };
  const hold = async (id: string): Promise<Held> => {
    if (!isDocumentId(id)) throw new Error(`not a document id: ${id.slice(0, 40)}`);
    await closing.get(id);
    const entry = held.get(id) ?? load(id);
    entry.holders += 1;
    return entry;
  };
  const load = (id: string): Held => {
    const live = new LiveDocument(id, {
      ...options,
      onLocal: (update) => options.onLocal(id, update),
      onCarets: (states) => options.onCarets(id, states),
    });
    const fresh = { live, holders: 0, ready: live.open() };
    held.set(id, fresh);
    // One that did not open is not handed to the next who asks.
    fresh.ready.catch(() => held.delete(id));
    return fresh;
  };
  const release = async (id: string, entry: Held): Promise<void> => {
    entry.holders -= 1;
    if (entry.holders === 0) await letGo(id, entry);
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
      const entry = await hold(id);
      entry.marked ??= mark(id, entry.ready);
      await entry.marked;
      return createHandle(entry.live, () => release(id, entry));
    },
    async readAhead(id) {
      if (held.has(id)) return undefined;
      const entry = await hold(id);
      await entry.ready;
      return createHandle(entry.live, () => release(id, entry));
    },
    catchUnsaved(leaving) {
      for (const { live } of held.values()) {
        live.catchUnsaved();
        if (leaving) removeAwarenessStates(live.awareness, [live.doc.clientID], 'leaving');
      }
    },
    showCarets() {
      for (const { live, marked } of held.values())
        if (marked !== undefined) live.awareness.setLocalState(live.awareness.getLocalState());
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
