import { type Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FROM_REMOTE, FROM_TAB } from './origins.ts';
import type { SaveState } from './save-state.ts';
import type { TabLink, TabMessage } from './tab-link.ts';

/** What a document says to, and hears from, other tabs that have it open. */
export interface TabVoice {
  /** Number of the last update that this tab told. */
  count(): number;
  tellUpdate(update: Uint8Array, local: boolean): void;
  tellSaved(state: SaveState, covers: Record<string, number>): void;
  /** Asks the others for what this tab lacks. */
  hello(): void;
  /** Tells the others all that this tab holds. */
  offer(): void;
  /** Up to which update of each other tab is in the document now. */
  heardSoFar(): Record<string, number>;
  hear(message: TabMessage): void;
  close(): void;
}

export interface TabVoiceEvents {
  /** The writing tab told what it saved; `covered` is the last of this tab's updates in it. */
  state: (state: SaveState, covered: number) => void;
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
  const heard = new Map<string, number>();

  const onAwareness = (changes: AwarenessChange, origin: unknown): void => {
    if (origin === FROM_TAB) return;
    const clients = [...changes.added, ...changes.updated, ...changes.removed];
    const update = encodeAwarenessUpdate(awareness, clients);
    link.send({ kind: 'awareness', doc: id, update });
    if (origin !== FROM_REMOTE) events.carets(update);
  };
  const applyFrom = (tab: string, upTo: number, update: Uint8Array): void => {
    // First noted, then applied: applying starts a confirmation, which answers for what is noted.
    heard.set(tab, Math.max(heard.get(tab) ?? 0, upTo));
    Y.applyUpdate(doc, update, FROM_TAB);
  };
  const sendState = (vector?: Uint8Array): void => {
    link.send({ kind: 'state', doc: id, count, update: Y.encodeStateAsUpdate(doc, vector) });
  };
  const heardSoFar = (): Record<string, number> => Object.fromEntries(heard);

  awareness.on('update', onAwareness);
  return {
    count: () => count,
    tellUpdate(update, local) {
      count += 1;
      link.send({ kind: 'update', doc: id, count, update, local });
    },
    tellSaved(state, covers) {
      link.send({ kind: 'saved', doc: id, state, covers });
    },
    hello() {
      link.send({ kind: 'hello', doc: id, vector: Y.encodeStateVector(doc) });
    },
    offer: () => sendState(),
    heardSoFar,
    hear(message) {
      switch (message.kind) {
        case 'update':
          applyFrom(message.from, message.count, message.update);
          break;
        case 'state':
          applyFrom(message.from, message.count, message.update);
          // An offer that brought nothing new is still waiting for its answer.
          events.offered();
          break;
        case 'hello':
          sendState(message.vector);
          link.send({
            kind: 'awareness',
            doc: id,
            update: encodeAwarenessUpdate(awareness, [...awareness.getStates().keys()]),
          });
          break;
        case 'saved':
          events.state(message.state, message.covers[link.tab] ?? 0);
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

interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}
