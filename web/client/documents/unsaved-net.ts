import * as Y from 'yjs';
import { base64urlToBytes, bytesToBase64url } from '../../../shared/bytes.ts';
import { storageName } from '../spaces.ts';

const PREFIX = storageName('islet:unsaved:');

/** The part of `localStorage` that is needed: it answers in the same instant, which IndexedDB cannot. */
export type NetStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** One entry found at start: what to remove once its update is saved. */
export interface Caught {
  key: string;
  text: string;
  update: Uint8Array;
}

/** The key under which one tab puts the unsaved edits of one document. */
export function netKey(doc: string, tab: string): string {
  return `${PREFIX}${doc}:${tab}`;
}

/** Puts unsaved updates where the next start finds them. Answers the entry, or undefined when there is no room; never throws. */
export function catchUnsaved(storage: NetStorage, key: string, updates: Uint8Array[]): string | undefined {
  try {
    const text = bytesToBase64url(Y.mergeUpdates(updates));
    storage.setItem(key, text);
    return text;
  } catch {
    // Full or forbidden: IndexedDB has been given the same, and may still finish.
    return undefined;
  }
}

/** Removes an entry whose update is known to be saved; one that its tab has written anew since stays. */
export function dropCaught(storage: NetStorage, key: string, text: string): void {
  try {
    if (storage.getItem(key) === text) storage.removeItem(key);
  } catch {
    // A storage that refuses removal only costs a replay, which is harmless.
    return;
  }
}

/** All entries of a document, from this tab's last life or from another tab. Damaged ones are left where they are. */
export function readCaught(storage: NetStorage, doc: string): Caught[] {
  const found: Caught[] = [];
  for (const key of netKeys(storage, `${PREFIX}${doc}:`)) {
    const text = storage.getItem(key);
    if (text === null) continue;
    const update = decodeEntry(text);
    if (update !== undefined) found.push({ key, text, update });
  }
  return found;
}

/** Ids of the documents that have entries, so that a start can save those that nobody opens. */
export function caughtDocuments(storage: NetStorage): string[] {
  const ids = netKeys(storage, PREFIX).map((key) => key.slice(PREFIX.length).split(':')[0] ?? '');
  return [...new Set(ids)].filter((id) => id !== '');
}

function decodeEntry(text: string): Uint8Array | undefined {
  try {
    return base64urlToBytes(text);
  } catch {
    // Not ours or cut off: there is nothing in it to replay.
    return undefined;
  }
}

function netKeys(storage: NetStorage, prefix: string): string[] {
  const keys: string[] = [];
  try {
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i);
      if (key?.startsWith(prefix)) keys.push(key);
    }
  } catch {
    // A browser that forbids localStorage has nothing to replay.
    return [];
  }
  return keys;
}
