import { createRoot, type Accessor } from 'solid-js';
import { createDocumentId } from '../client/documents/document-id.ts';
import { documentTypeIds } from '../client/documents/types.ts';
import { storageName } from '../client/spaces.ts';
import { openDatabase, type Database, type DocumentRow } from '../client/store/database.ts';
import { createLive } from './live.ts';
import { readStored, writeStored } from './stored.ts';

const lastKey = storageName('islet:last');

let opening: Promise<Database> | undefined;

/** The one Dexie database of this page, opened at first use. A failed opening is tried again next time. */
export function database(): Promise<Database> {
  opening ??= openDatabase().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** A list of rows as a signal that the whole page shares. */
function liveRows(query: (db: Database) => Promise<DocumentRow[]>): Accessor<DocumentRow[]> {
  let shared: Accessor<DocumentRow[]> | undefined;
  return () => {
    shared ??= createRoot(() => createLive(database(), query, []));
    return shared();
  };
}

const latestFirst = (a: DocumentRow, b: DocumentRow) => b.edited - a.edited;

const documentRows = (trashed: 0 | 1) =>
  liveRows(async (db) => {
    const kinds = documentTypeIds.map((type) => [type, trashed]);
    return (await db.documents.where('[type+trashed]').anyOf(kinds).toArray()).sort(latestFirst);
  });

/** Documents that are not in the trash, latest edit first. */
export const documentList = documentRows(0);

/** Documents in the trash, latest edit first. */
export const trashList = documentRows(1);

/** Random bytes of the browser. */
export function random(n: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(n));
}

/** The path of a new, empty document. It is entered in the index at its first words. */
export function newDocument(): string {
  return `/d/${createDocumentId(random)}`;
}

/** The path of the document that was open last on this device, or of a new one. */
export function lastDocumentPath(): string {
  const last = readStored(lastKey);
  return last && /^[0-9A-Za-z]{24}$/.test(last) ? `/d/${last}` : newDocument();
}

/** Remembers which document `/` opens. Null forgets it, so that `/` is a new one. */
export function rememberLast(id: string | null): void {
  writeStored(lastKey, id);
}
