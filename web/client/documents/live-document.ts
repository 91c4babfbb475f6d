import { IndexeddbPersistence } from 'y-indexeddb';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { storageName } from '../spaces.ts';
import type { Database } from '../store/database.ts';
import { applyRow } from './apply-row.ts';
import { type CatchPace, createCatchPace } from './catch-pace.ts';
import { type DirtyMark, createDirtyMark } from './dirty.ts';
import { type DocumentLock, type Locks, requestDocumentLock } from './document-lock.ts';
import { type DocumentWriter, openDocumentWriter } from './document-writer.ts';
import { type Follower, createFollower } from './follower.ts';
import { FROM_NET, FROM_REMOTE, FROM_STORE, FROM_TAB } from './origins.ts';
import { type SaveState, type Watchable, createWatchable } from './save-state.ts';
import { type Saver, createSaver } from './saver.ts';
import { applyStored, readStored, storeName } from './stored-updates.ts';
import type { TabLink } from './tab-link.ts';
import { type TabVoice, createTabVoice } from './tab-voice.ts';
import { type NetStorage, catchUnsaved, dropCaught, netKey, readCaught } from './unsaved-net.ts';

/** What a live document needs of its surroundings. */
export interface LiveOptions {
  db: Database;
  now: () => number;
  link: TabLink;
  net: NetStorage | undefined;
  locks: Locks | undefined;
  /** A person changed the document in this tab, or the last moments of an earlier life were replayed. */
  onLocal: (update: Uint8Array) => void;
  /** A caret or a name changed in this tab. */
  onCarets: (states: Uint8Array) => void;
}

/**
 * A document in this tab's memory: loaded, saved, shared with the other tabs. One per tab and id. The tab that holds
 * the Web Lock `doc:<id>` writes; the others follow it, and one of them takes over when the lock passes.
 */
export class LiveDocument {
  readonly id: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly saved: Watchable<SaveState>;
  readonly voice: TabVoice;
  readonly #options: LiveOptions;
  readonly #dirty: DirtyMark;
  readonly #saver: Saver;
  readonly #follower: Follower;
  readonly #ownKey: string;
  /** Updates of this tab that are not confirmed, and the net entries that hold such updates. */
  #unsaved: Uint8Array[] = [];
  readonly #caught = new Map<string, string>();
  readonly #typing: CatchPace;
  #lock: DocumentLock | undefined;
  #writer: DocumentWriter | undefined;
  #writing = false;
  #closing = false;
  #gaveWay = false;
  #drains: Promise<void> = Promise.resolve();
  #takingOver: Promise<void> = Promise.resolve();

  constructor(id: string, options: LiveOptions) {
    const { db, link, now } = options;
    this.id = id;
    this.#options = options;
    this.doc = new Y.Doc({ guid: id });
    this.awareness = new Awareness(this.doc);
    this.saved = createWatchable<SaveState>({ kind: 'saved', at: now() });
    this.#dirty = createDirtyMark(db, id, now);
    this.#ownKey = netKey(id, link.tab);
    this.#typing = createCatchPace(now, () => this.catchUnsaved());
    this.voice = createTabVoice(id, this.doc, this.awareness, link, {
      state: (told, covers) => (this.#writing ? undefined : this.#follower.heard(told, covers)),
      offered: () => (this.#writing ? this.#saver.request() : undefined),
      drain: () => void this.drain(),
      carets: options.onCarets,
    });
    this.#saver = createSaver({
      state: this.saved,
      now,
      confirm: () => this.#confirm(),
      reconnect: () => this.#reconnect(),
      mark: () => this.#mark(),
    });
    this.#follower = createFollower({
      state: this.saved,
      now,
      tab: link.tab,
      holds: () => ({ ...this.voice.holds(), [link.tab]: this.voice.count() }),
      onSaved: () => this.#dropSaved(this.#unsaved.length, new Map(this.#caught)),
      offer: () => this.voice.offer(),
    });
    this.saved.subscribe((told) => {
      if (this.#writing && told.kind === 'failed') this.voice.tellSaved(told, {});
    });
  }

  /** Loads the document. Storage that fails is told by `saved`: one can still write. */
  async open(): Promise<void> {
    const { locks } = this.#options;
    this.#lock =
      locks === undefined ? undefined : await requestDocumentLock(locks, storageName(`doc:${this.id}`));
    this.doc.on('update', this.#onUpdate);
    if (this.#lock?.held ?? true) {
      await this.#startWriting();
      this.voice.hello();
      this.#replay();
      await this.#applyPendingQuietly();
      void this.drain();
    } else {
      await this.#follow();
      this.#replay();
      await this.#applyPendingQuietly();
      this.#lock?.whenHeld.then(this.#takeOver, (error: unknown) => this.#fail(error));
    }
  }

  /** Resolves when all that is in the document now is saved on this device; rejects in words. */
  whenSaved(): Promise<void> {
    return this.#writing ? this.#saver.whenSaved() : this.#follower.whenSaved();
  }

  /** Applies rows that wait in Dexie and deletes them once saved; does nothing in a tab that does not write. */
  drain(): Promise<void> {
    this.#drains = this.#drains.then(() => this.#drainOnce()).catch((error: unknown) => this.#fail(error));
    return this.#drains;
  }

  /** Puts what is not confirmed where the next start finds it. Synchronous; never throws. */
  catchUnsaved(): void {
    const { net } = this.#options;
    if (net === undefined || this.#unsaved.length === 0) return;
    const text = catchUnsaved(net, this.#ownKey, this.#unsaved);
    if (text !== undefined) this.#caught.set(this.#ownKey, text);
  }

  /** A newer build has the storage: this tab writes no more. What is typed here is caught, and offered to the tab that writes now. */
  async giveWay(): Promise<void> {
    this.#gaveWay = true;
    this.catchUnsaved();
    await this.#takingOver;
    if (this.#writing) {
      await this.#saver.close();
      this.#writing = false;
      await this.#writer?.close();
      this.#writer = undefined;
    }
    await this.#lock?.release();
    if (this.#unsaved.length > 0) this.#follower.request();
  }

  async close(): Promise<void> {
    this.#typing.close();
    this.catchUnsaved();
    await this.#drains;
    this.#closing = true;
    await this.#takingOver;
    await this.#dirty.close();
    if (this.#writing) await this.#saver.close();
    else this.#follower.close();
    this.awareness.destroy();
    this.doc.off('update', this.#onUpdate);
    this.voice.close();
    await this.#writer?.close();
    await this.#lock?.release();
    this.doc.destroy();
  }

  #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === FROM_STORE || origin instanceof IndexeddbPersistence) return;
    const local = origin !== FROM_REMOTE && origin !== FROM_TAB;
    if (local) {
      this.#unsaved.push(update);
      if (!this.#closing) this.#typing.edited(update.length);
      this.#dirty.edited();
    }
    if (origin !== FROM_TAB) this.voice.tellUpdate(update, local);
    this.#request();
    if (local) this.#options.onLocal(update);
  };

  #request(): void {
    if (this.#writing) this.#saver.request();
    else this.#follower.request();
  }

  #fail(error: unknown): void {
    this.saved.set({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }

  async #confirm(): Promise<void> {
    await this.#dirty.settled();
    if (this.#writer === undefined) throw new Error('IndexedDB is not open');
    await this.#writer.confirm(this.#options.now());
  }

  async #reconnect(): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
    this.#writer = await openDocumentWriter(storeName(this.id), this.doc, this.#onUpdate);
  }

  #mark(): () => void {
    const updates = this.#unsaved.length;
    const caught = new Map(this.#caught);
    const covers = this.voice.holds();
    return () => {
      this.#dropSaved(updates, caught);
      this.voice.tellSaved({ kind: 'saved', at: this.#options.now() }, covers);
    };
  }

  #dropSaved(updates: number, caught: ReadonlyMap<string, string>): void {
    this.#unsaved = this.#unsaved.slice(updates);
    const { net } = this.#options;
    if (net === undefined) return;
    const done = new Map([...caught].filter(([key]) => key !== this.#ownKey));
    // Our own entry may have been written again since: it goes when nothing of ours is open.
    const own = this.#caught.get(this.#ownKey);
    if (this.#unsaved.length === 0 && own !== undefined) done.set(this.#ownKey, own);
    for (const [key, text] of done) {
      this.#caught.delete(key);
      dropCaught(net, key, text);
    }
  }

  async #startWriting(): Promise<void> {
    try {
      this.#writer = await openDocumentWriter(storeName(this.id), this.doc, this.#onUpdate);
    } catch {
      // The saver finds no writer, tries once more and says what is wrong.
      this.#writer = undefined;
    }
    this.#writing = true;
    if (this.#writer === undefined) this.#saver.request();
  }

  #takeOver = (): void => {
    if (this.#closing || this.#gaveWay) return;
    this.#takingOver = this.#startWriting().then(() => {
      this.#saver.request();
      this.#follower.handOver(this.#saver.whenSaved());
      this.voice.hello();
      void this.drain();
    });
  };

  async #follow(): Promise<void> {
    try {
      applyStored(this.doc, await readStored(storeName(this.id)));
    } catch (error) {
      this.#fail(error);
    }
    this.voice.hello();
  }

  #replay(): void {
    const { net } = this.#options;
    if (net === undefined) return;
    for (const { key, text, update } of readCaught(net, this.id)) {
      this.#caught.set(key, text);
      applyRow(this.doc, update, FROM_NET);
    }
    // Entries that brought nothing new are confirmed like the others, then removed.
    if (this.#caught.size > 0) this.#request();
  }

  async #applyPending(): Promise<number[]> {
    const rows = await this.#options.db.pending.where('doc').equals(this.id).toArray();
    const applied: number[] = [];
    for (const row of rows) {
      if (applyRow(this.doc, row.update, FROM_REMOTE) && row.id !== undefined) applied.push(row.id);
    }
    return applied;
  }

  async #applyPendingQuietly(): Promise<void> {
    try {
      await this.#applyPending();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #drainOnce(): Promise<void> {
    if (!this.#writing || this.#closing) return;
    const applied = await this.#applyPending();
    const { store } = this.doc;
    // Rows that wait for earlier ones are in memory only: Yjs announces, and stores, what it could place.
    if (applied.length === 0 || store.pendingStructs !== null || store.pendingDs !== null) return;
    await this.whenSaved();
    await this.#options.db.pending.bulkDelete(applied);
  }
}
