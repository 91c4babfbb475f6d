import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Bytes } from '../../../shared/bytes.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { type Documents, openDocuments } from './documents.ts';
import { readStored, storeName } from './stored-updates.ts';
import type { NetStorage } from './unsaved-net.ts';

/** A browser for tests: real Dexie, y-indexeddb, Web Locks and BroadcastChannel over an IndexedDB in memory. */
export interface TestBrowser {
  db: Database;
  net: NetStorage & { entries: Map<string, string> };
  /** Opens one more tab; they are closed by `close`. */
  openTab(): Promise<Documents>;
  close(): Promise<void>;
}

let count = 0;

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export async function openTestBrowser(): Promise<TestBrowser> {
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
  count += 1;
  const db = await openDatabase(`islet-test-${count}`);
  const net = createMemoryStorage();
  const tabs: Documents[] = [];
  return {
    db,
    net,
    async openTab() {
      const tab = await openDocuments({ db, now: () => Date.now(), random: randomBytes, net });
      tabs.push(tab);
      return tab;
    },
    async close() {
      for (const tab of tabs) await tab.close();
      db.close();
    },
  };
}

function createMemoryStorage(): TestBrowser['net'] {
  const entries = new Map<string, string>();
  return {
    entries,
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

/** Adds a block with one line of text, as the editor would. */
export function type(doc: Y.Doc, text: string, node = 'paragraph'): void {
  doc.transact(() => {
    const element = new Y.XmlElement(node);
    element.insert(0, [new Y.XmlText(text)]);
    const fragment = doc.getXmlFragment('content');
    fragment.insert(fragment.length, [element]);
  });
}

/** The text of a document, a line a block. */
export function words(doc: Y.Doc): string {
  return doc
    .getXmlFragment('content')
    .toArray()
    .map((node) => node.toString().replace(/<[^>]*>/g, ''))
    .join('\n');
}

/** An update from somewhere else that adds one block. */
export function updateWith(text: string, node = 'paragraph'): Uint8Array {
  const doc = new Y.Doc();
  type(doc, text, node);
  return Y.encodeStateAsUpdate(doc);
}

/** The text that y-indexeddb holds of a document. */
export async function stored(id: string): Promise<string> {
  const doc = new Y.Doc();
  for (const update of await readStored(storeName(id))) Y.applyUpdate(doc, update);
  return words(doc);
}

/** Waits for something that another tab does in its own time. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(check).toBe(true);
}
