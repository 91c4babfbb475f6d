import { Dexie, type EntityTable, type Table } from 'dexie';
import type { ActionRow, OutboxRow, PersonRow } from './action-rows.ts';

/** What lists show of a document: a projection of the index, never the truth. Times are milliseconds since 1970. */
export interface DocumentRow {
  id: string;
  title: string;
  excerpt: string;
  type: string;
  created: number;
  edited: number;
  trashed: 0 | 1;
}

/** Whether a document has edits that the relay has not acknowledged. `acked` is a Y.encodeSnapshot. */
export interface SyncRow {
  doc: string;
  dirty: 0 | 1;
  acked?: Uint8Array;
}

/** A remote update that is not yet applied and saved. */
export interface PendingRow {
  id?: number;
  doc: string;
  update: Uint8Array;
}

/** How far a space has been read; only `space` is known here, the rest belongs to sync. */
export interface CursorRow {
  space: string;
  [field: string]: unknown;
}

/** Content-addressed bytes on this device. `id` is `b1~` and base64url(SHA-256). */
export interface BlobRow {
  id: string;
  bytes: Blob;
  type: string;
  size: number;
  uploaded: 0 | 1;
}

/** The Dexie database that is queried. Documents themselves are in y-indexeddb, keys in idb. */
export type Database = Dexie & {
  documents: EntityTable<DocumentRow, 'id'>;
  sync: EntityTable<SyncRow, 'doc'>;
  pending: Table<PendingRow, number, PendingRow>;
  cursors: EntityTable<CursorRow, 'space'>;
  blobs: EntityTable<BlobRow, 'id'>;
  actions: EntityTable<ActionRow, 'id'>;
  outbox: Table<OutboxRow, number, OutboxRow>;
  people: EntityTable<PersonRow, 'idTag'>;
};

/**
 * Opens the database `islet`. Every transaction is strict: IndexedDB's default may report a write that a power cut
 * takes back. Rejects when the browser offers no storage.
 */
export async function openDatabase(name = 'islet'): Promise<Database> {
  const db = new Dexie(name, { chromeTransactionDurability: 'strict' }) as Database;
  db.version(1).stores({
    documents: 'id, edited, trashed',
    sync: 'doc, dirty',
    pending: '++id, doc',
    cursors: 'space',
    blobs: 'id, uploaded',
    actions: 'id, actionId, about, iat',
    outbox: '++order, &id',
    people: 'idTag',
  });
  await db.open();
  return db;
}
