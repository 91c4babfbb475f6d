import type { Table } from 'dexie';
import * as Y from 'yjs';
import type { Documents } from '../documents/documents.ts';
import { storeName } from '../documents/stored-updates.ts';
import type { Database } from '../store/database.ts';
import type { Piece } from './messages.ts';

/**
 * What a device cannot get again from its documents or a relay. Cursors and wrapped keys are not among it: they are of this device, and the
 * other one gets its own.
 */
export const handedTables = [
  'actions',
  'outbox',
  'people',
  'standings',
  'owed',
  'uploads',
  'releases',
] as const;
export type HandedTable = (typeof handedTables)[number];

const rowsAtOnce = 200;

interface Source {
  db: Database;
  documents: Pick<Documents, 'snapshot'>;
  /** SHA-256 as a blob id. */
  hash: (bytes: Blob) => Promise<string>;
}

/** A piece to be read when it is its turn. */
export type PieceReader = () => Promise<Piece>;

/** Everything of the space of this page, in pieces. Writes nothing. */
export async function listPieces({ db, documents, hash }: Source): Promise<PieceReader[]> {
  const seal = async (kind: Piece['kind'], name: string, bytes: Blob): Promise<Piece> => {
    return { kind, name, bytes, hash: await hash(bytes) };
  };
  const readDocument = async (id: string): Promise<Piece> => {
    const { doc } = await documents.snapshot(id);
    const update = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    return seal('document', id, new Blob([new Uint8Array(update)]));
  };
  const readRows = async (name: HandedTable, offset: number): Promise<Piece> => {
    const table: Table<object> = db.table(name);
    const rows = await table.offset(offset).limit(rowsAtOnce).toArray();
    return seal('rows', name, new Blob([JSON.stringify(name === 'outbox' ? rows.map(unsigned) : rows)]));
  };
  const readBlob = async (id: string): Promise<Piece> => {
    const row = await db.blobs.get(id);
    // It made room meanwhile: then the relay has it.
    if (!row) return seal('rows', 'blobs', new Blob(['[]']));
    const { bytes, ...about } = row;
    return { kind: 'blob', name: JSON.stringify(about), bytes, hash: await hash(bytes) };
  };
  const pieces: PieceReader[] = (await listDocuments(db)).map((id) => () => readDocument(id));
  for (const id of await db.blobs.toCollection().primaryKeys()) pieces.push(() => readBlob(id));
  for (const name of handedTables) {
    const count = await db.table(name).count();
    for (let at = 0; at < count; at += rowsAtOnce) pieces.push(() => readRows(name, at));
  }
  return pieces;
}

async function listDocuments(db: Database): Promise<string[]> {
  const prefix = storeName('');
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const stored = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const pending = await db.pending.orderBy('doc').uniqueKeys();
  return [...new Set([...stored, ...pending.map(String)])];
}

const ofThisDevice = new Set(['order', 'draft', 'by']);

/** A statement that waits, without what this device made of it: the other one signs it with a key of its own. */
function unsigned(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !ofThisDevice.has(key)));
}
