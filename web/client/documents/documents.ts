import { type Awareness, applyAwarenessUpdate } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Random } from '../../../shared/bytes.ts';
import type { CursorRow, Database } from '../store/database.ts';
import { type Describe, createDescriber } from './describer.ts';
import { INDEX_ID, createDocumentId, isDocumentId } from './document-id.ts';
import type { Locks } from './document-lock.ts';
import {
  type IndexEntry,
  type NewEntry,
  enterDocuments,
  nextMove,
  readEntries,
  readEntry,
  updateEntry,
} from './index-entries.ts';
import { type LiveTree, createLiveTree } from './live-tree.ts';
import { createOpenSet } from './open-set.ts';
import { FROM_REMOTE } from './origins.ts';
import { watchPage } from './page-end.ts';
import { followTree } from './projection.ts';
import { type RemoteRow, createRemoteRows } from './remote-rows.ts';
import type { SaveState, Watched } from './save-state.ts';
import { loadSnapshot } from './snapshot.ts';
import { type TabMessage, openTabLink } from './tab-link.ts';
import { type NetStorage, caughtDocuments } from './unsaved-net.ts';

export interface DocumentsOptions {
  db: Database;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
  /** Defaults to the browser's `localStorage`. */
  net?: NetStorage | undefined;
  /** Defaults to the browser's Web Locks. */
  locks?: Locks | undefined;
}

/** A document that somebody works with. Close it when done; the last close saves and lets other tabs write. */
export interface OpenDocument {
  readonly id: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** `newer-schema`: made by a later version; an editor bound to it would drop what it does not know. */
  readonly state: 'editable' | 'newer-schema';
  readonly saved: Watched<SaveState>;
  /** Resolves when all that is in the document now is saved on this device; rejects in words. */
  whenSaved(): Promise<void>;
  close(): Promise<void>;
}

/** All documents of the space on this device. */
export interface Documents {
  newId(): string;
  /**
   * Opens a document; an id that nobody has used yet gives an empty one. With `listed: false` its content does not enter
   * the index by itself: an import enters its documents many at a time.
   */
  open(id: string, options?: { listed: boolean }): Promise<OpenDocument>;
  /**
   * Loads a document that may be opened next. Nobody edits it: it is not compared with the relay, and nobody is shown in it. Undefined
   * when it is open in this tab.
   */
  readAhead(id: string): Promise<OpenDocument | undefined>;
  /** The index, which is always open. */
  readonly index: OpenDocument;
  /** Documents, files and folders as one tree; tree.ts changes it. */
  readonly tree: LiveTree;
  /** The text documents of the index, those in the trash too. */
  entries(): IndexEntry[];
  /** One entry of the index, whatever it is. */
  entry(id: string): IndexEntry | undefined;
  /** Enters documents, for instance imported ones, in one step. */
  enter(entries: NewEntry[]): void;
  setTitle(id: string, title: string): void;
  /** Says how documents of a type are described in lists while they are edited; the app that edits them does. */
  describeAs(type: string, describe: Describe): void;
  trash(id: string): void;
  /** Takes it out of the trash; to the top when its folder stays there. */
  restore(id: string): void;
  /** Hears every edit made in this browser, in whichever tab, and none that came from the relay. Returns its end. */
  onLocalUpdate(listener: (doc: string, update: Uint8Array) => void): () => void;
  /** Hears carets and names of this browser, in whichever tab (y-protocols awareness updates). Returns its end. */
  onLocalAwareness(listener: (doc: string, states: Uint8Array) => void): () => void;
  /** Tells the carets and names of this browser once more, to who could not hear them before. */
  showCarets(): void;
  /** Shows carets and names that came from the relay, in whichever tab the document is open. */
  applyAwareness(doc: string, states: Uint8Array): void;
  /** Stores rows and cursor in one transaction, then applies the rows of open documents in whichever tab they are. */
  receive(rows: RemoteRow[], cursor?: CursorRow): Promise<void>;
  /** Applies a row that the relay has not committed yet to a document that is open; else does nothing. */
  applyProvisional(doc: string, update: Uint8Array): void;
  /** All that this device holds of a document, without opening it. The caller destroys the copy. */
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
  /** Resolves when the Dexie projection shows the index as it is now. */
  whenProjected(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the documents of this browser; resolves when the index can be read. */
export async function openDocuments(options: DocumentsOptions): Promise<Documents> {
  const { db, now, random } = options;
  const net = 'net' in options ? options.net : browserStorage();
  const locks = 'locks' in options ? options.locks : globalThis.navigator?.locks;
  const listeners = new Set<(doc: string, update: Uint8Array) => void>();
  const unlisted = new Set<string>();
  const tellLocal = (doc: string, update: Uint8Array): void => {
    for (const listener of [...listeners]) listener(doc, update);
    if (doc !== INDEX_ID && !unlisted.has(doc)) describer.edited(doc);
  };
  const carets = new Set<(doc: string, states: Uint8Array) => void>();
  const tellCarets = (doc: string, states: Uint8Array): void => {
    for (const listener of [...carets]) listener(doc, states);
  };
  const hear = (message: TabMessage): void => {
    open.find(message.doc)?.voice.hear(message);
    if (message.kind === 'show-carets') open.showCarets();
    if (message.kind === 'awareness') tellCarets(message.doc, message.update);
    if (message.kind !== 'update' || !message.local) return;
    for (const listener of [...listeners]) listener(message.doc, message.update);
  };
  const link = openTabLink(`${db.name}-documents`, createDocumentId(random), hear);
  const open = createOpenSet({ db, now, link, net, locks, onLocal: tellLocal, onCarets: tellCarets });
  const giveWay = ({ newVersion }: IDBVersionChangeEvent): void => {
    if (newVersion !== null) open.giveWay().catch((error: unknown) => open.fail(INDEX_ID, error));
  };
  db.on('versionchange', giveWay);
  const index = await open.open(INDEX_ID);
  const others = new Map<string, Describe>();
  const describer = createDescriber(index.doc, (id) => open.find(id)?.doc, now, others);
  open.beforeClose((id) => {
    describer.flush(id);
    unlisted.delete(id);
  });
  const tree = createLiveTree(index.doc);
  const projection = followTree(db, tree, (error) => open.fail(INDEX_ID, error));
  const stopWatching = watchPage((leaving) => {
    describer.flush();
    open.catchUnsaved(leaving);
  });
  const rows = createRemoteRows({ db, link, find: open.find });
  await saveCaught(net, open.open);
  await rows.drainAll();

  return {
    newId: () => createDocumentId(random),
    open(id, { listed } = { listed: true }) {
      if (!listed) unlisted.add(id);
      return open.open(id);
    },
    readAhead: open.readAhead,
    index,
    tree,
    entries: () => readEntries(index.doc).filter(({ type }) => type === 'text'),
    entry: (id) => readEntry(index.doc, id),
    enter: (entries) => enterDocuments(index.doc, entries, now()),
    setTitle: (id, title) => updateEntry(index.doc, id, { title }),
    describeAs: (type, describe) => void others.set(type, describe),
    trash: (id) => updateEntry(index.doc, id, { trashed: now() }),
    restore(id) {
      const rows = tree.rows();
      const stays = rows.get(rows.get(id)?.parent ?? '')?.trashed === 1;
      const top = stays ? { parent: '', moved: nextMove(index.doc, now()) } : {};
      updateEntry(index.doc, id, { trashed: undefined, ...top });
    },
    onLocalUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLocalAwareness(listener) {
      carets.add(listener);
      return () => carets.delete(listener);
    },
    showCarets() {
      open.showCarets();
      link.send({ kind: 'show-carets', doc: INDEX_ID });
    },
    applyAwareness(doc, states) {
      const live = open.find(doc);
      if (live === undefined) return link.send({ kind: 'awareness', doc, update: states });
      const before = live.awareness.getStates().size;
      try {
        applyAwarenessUpdate(live.awareness, states, FROM_REMOTE);
      } catch {
        return; // carets that cannot be read are not shown; nothing else depends on them
      }
      // Somebody came: the relay keeps no carets, so each device shows its own again.
      if (live.awareness.getStates().size > before)
        live.awareness.setLocalState(live.awareness.getLocalState());
    },
    receive: rows.receive,
    applyProvisional: rows.applyProvisional,
    snapshot: (id) => loadSnapshot({ db, net, live: open.find(id)?.doc }, id),
    whenProjected: projection.settled,
    async close() {
      db.on('versionchange').unsubscribe(giveWay);
      describer.flush();
      await open.closeAll((id) => id !== INDEX_ID);
      await projection.close();
      tree.close();
      await open.closeAll(() => true);
      stopWatching();
      link.close();
    },
  };
}

function browserStorage(): NetStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    // Browsers that forbid storage to this page throw on the mere look.
    return undefined;
  }
}

/** Opens once what an earlier life left unsaved, so that it is saved even when nobody looks at the document again. */
async function saveCaught(
  net: NetStorage | undefined,
  open: (id: string) => Promise<OpenDocument>,
): Promise<void> {
  if (net === undefined) return;
  for (const id of caughtDocuments(net).filter(isDocumentId)) {
    if (id === INDEX_ID) continue;
    const document = await open(id);
    void document.close();
  }
}
