import { type Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FROM_REMOTE, FROM_TAB } from './origins.ts';
import type { Numbers } from './follower.ts';
import type { SaveState } from './save-state.ts';
import type { TabLink, TabMessage } from './tab-link.ts';

/** What a document says to, and hears from, other tabs that have it open. */
export interface TabVoice {
  /** Number of the last update that this tab told of its own. */
  count(): number;
  tellUpdate(update: Uint8Array, local: boolean): void;
  tellSaved(state: SaveState, covers: Numbers): void;
  /** Asks the others for what this tab lacks. */
  hello(): void;
  /** Tells the others all that this tab holds; returns the number of that. */
  offer(): number;
  /** Up to what of each tab, this one included, is in the document now. */
  holds(): Numbers;
  hear(message: TabMessage): void;
  close(): void;
}

export interface TabVoiceEvents {
  /** The writing tab told what it saved: the updates of each tab up to `covers`. */
  state: (state: SaveState, covers: Numbers) => void;
  /** Another tab told all that it holds, and wants to know that it is saved. */
  offered: () => void;
  /** Rows wait in Dexie. */
  drain: () => void;
  /** A caret or a name changed in this tab, not elsewhere. */
  carets: (states: Uint8Array) => void;
}

export function createTabVoice(
  id: string,
  doc: Y.Doc,
  awareness: Awareness,
  link: TabLink,
  events: TabVoiceEvents,
): TabVoice {
  let count = 0;
  /** The same, offers included. */
  let told = 0;
  /** Whether anybody was told that this tab is there. */
  let isShown = false;
  const heard = createHeard(doc);

  const onAwareness = (changes: AwarenessChange, origin: unknown): void => {
    if (origin === FROM_TAB) return;
    const clients = [...changes.added, ...changes.updated, ...changes.removed];
    // Who never came does not leave.
    if (!isShown && clients.length === 1 && changes.removed[0] === doc.clientID) return;
    isShown ||= clients.includes(doc.clientID);
    const update = encodeAwarenessUpdate(awareness, clients);
    link.send({ kind: 'awareness', doc: id, update });
    if (origin !== FROM_REMOTE) events.carets(update);
  };
  const sendState = (vector?: Uint8Array): void => {
    link.send({ kind: 'state', doc: id, count: told, update: Y.encodeStateAsUpdate(doc, vector) });
  };

  awareness.on('update', onAwareness);
  return {
    count: () => count,
    tellUpdate(update, local) {
      told = count = link.next();
      link.send({ kind: 'update', doc: id, count, update, local });
    },
    tellSaved(state, covers) {
      link.send({ kind: 'saved', doc: id, state, covers });
    },
    hello() {
      link.send({ kind: 'hello', doc: id, vector: Y.encodeStateVector(doc) });
    },
    offer() {
      told = link.next();
      sendState();
      return told;
    },
    holds: () => ({ ...heard.soFar(), [link.tab]: told }),
    hear(message) {
      switch (message.kind) {
        case 'update':
          heard.apply(message);
          break;
        case 'state':
          heard.apply(message);
          // An offer that brought nothing new is still waiting for its answer.
          events.offered();
          break;
        case 'hello':
          sendState(message.vector);
          isShown = true;
          link.send({
            kind: 'awareness',
            doc: id,
            update: encodeAwarenessUpdate(awareness, [...awareness.getStates().keys()]),
          });
          break;
        case 'saved':
          events.state(message.state, message.covers);
          break;
        case 'awareness':
          applyAwarenessUpdate(awareness, message.update, FROM_TAB);
          break;
        case 'pending':
          events.drain();
          break;
        case 'show-carets':
          break; // said to the tab as a whole
      }
    },
    close() {
      awareness.off('update', onAwareness);
    },
  };
}

type Told = Extract<TabMessage, { kind: 'update' | 'state' }>;

/** Applies what other tabs tell, and keeps up to what of each is in the document, and does not only wait there for something earlier. */
function createHeard(doc: Y.Doc): { apply(told: Told): void; soFar(): Numbers } {
  const heard = new Map<string, number>();
  /** Tabs of which something waits. */
  const gaps = new Set<string>();
  let applying: { told: Told; waited: number } | undefined;
  const note = (): void => {
    if (!applying) return;
    const { told, waited } = applying;
    const waits = waitingIn(doc);
    if (waits > waited) gaps.add(told.from);
    else if (told.kind === 'state') gaps.delete(told.from);
    if (waits === 0) gaps.clear();
    if (!gaps.has(told.from)) heard.set(told.from, Math.max(heard.get(told.from) ?? 0, told.count));
  };
  return {
    apply(told) {
      applying = { told, waited: waitingIn(doc) };
      Y.applyUpdate(doc, told.update, FROM_TAB);
      note();
      applying = undefined;
    },
    soFar() {
      // Applying starts a confirmation, which answers for what is being applied.
      note();
      return Object.fromEntries(heard);
    },
  };
}

/** How many bytes wait in a document for what comes before them. Yjs neither announces nor stores these. */
function waitingIn({ store }: Y.Doc): number {
  return (store.pendingStructs?.update.length ?? 0) + (store.pendingDs?.length ?? 0);
}

interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}
