import * as Y from 'yjs';
import { base64urlToBytes, bytesToBase64url } from '../../../shared/bytes.ts';
import { storageName } from '../spaces.ts';

const PREFIX = storageName('islet:unsaved:');

/** The part of `localStorage` that is needed: it answers in the same instant, which IndexedDB cannot. */
export type NetStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** One entry found at start: the key to remove once its update is saved. */
export interface Caught {
  key: string;
  update: Uint8Array;
}

/** The key under which one tab puts the unsaved edits of one document. */
export function netKey(doc: string, tab: string): string {
  return `${PREFIX}${doc}:${tab}`;
}

/** Puts unsaved updates where the next start finds them. Answers false when there is no room; never throws. */
export function catchUnsaved(storage: NetStorage, key: string, updates: Uint8Array[]): boolean {
  try {
    storage.setItem(key, bytesToBase64url(Y.mergeUpdates(updates)));
    return true;
  } catch {
    // Full or forbidden: the page is going away, and IndexedDB may still have finished.
    return false;
  }
}

/** Removes an entry whose update is known to be saved. */
export function dropCaught(storage: NetStorage, key: string): void {
  try {
    storage.removeItem(key);
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
    const update = text === null ? undefined : decodeEntry(text);
    if (update !== undefined) found.push({ key, update });
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
