import * as v from 'valibot';
import { isDocumentId } from '../documents/document-id.ts';
import { openStore } from '../documents/stored-updates.ts';
import { pageLock } from '../remove-space.ts';
import { claimSpaceId, forgetGone, type SpaceStorage, writeSpace } from '../space-list.ts';
import { type SpaceId, storageName } from '../spaces.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { handedTables } from './give.ts';
import { digestOf, type Piece } from './messages.ts';

export interface TakingOptions {
  storage: SpaceStorage;
  locks: Pick<LockManager, 'request'>;
  random: (n: number) => Uint8Array;
  /** SHA-256 as a blob id. */
  hash: (bytes: Blob) => Promise<string>;
}

/** A new space that is being filled. Nobody sees it before `finish`; what is not finished is removed at the next start. */
export interface Taking {
  readonly space: SpaceId;
  /** Checks and keeps a piece. @throws Error in words when it is not what it says it is, or does not fit into the browser */
  take(piece: Piece): Promise<void>;
  /** Checks that all is there, and puts the space into the list of this browser. */
  finish(end: { count: number; digest: string; name: string; now: number }): Promise<void>;
  close(): void;
}

const blobRow = v.object({
  id: v.string(),
  type: v.string(),
  size: v.number(),
  uploaded: v.picklist([0, 1, 2]),
  used: v.optional(v.number()),
  stays: v.optional(v.picklist([0, 1])),
});
const rowsSchema = v.array(v.looseObject({}));

export async function openTaking({ storage, locks, random, hash }: TakingOptions): Promise<Taking> {
  const space = claimSpaceId(storage, random);
  let leave = (): void => undefined;
  const until = new Promise<void>((resolve) => (leave = resolve));
  // As a page of that space would: whoever cleans up waits.
  await new Promise<void>((resolve, reject) => {
    const living = async (): Promise<void> => {
      resolve();
      await until;
    };
    locks.request(pageLock(space), { mode: 'shared' }, living).catch(reject);
  });
  const db = await openDatabase(storageName('islet', space));
  const hashes: string[] = [];
  return {
    space,
    async take(piece) {
      if ((await hash(piece.bytes)) !== piece.hash) throw new Error('A piece arrived damaged.');
      if (piece.kind === 'document') await keepDocument(piece, db, space);
      else if (piece.kind === 'blob') await keepBlob(piece, db);
      else await keepRows(piece, db);
      hashes.push(piece.hash);
    },
    async finish({ count, digest, name, now }) {
      if (hashes.length !== count || (await digestOf(hashes, hash)) !== digest)
        throw new Error('Not everything has arrived.');
      writeSpace(storage, space, { name, added: now });
      forgetGone(storage, space);
    },
    close() {
      db.close();
      leave();
    },
  };
}

/** Stored as y-indexeddb does, and read back; it counts as unsynced, so that a relay is compared with. */
async function keepDocument({ name, bytes }: Piece, db: Database, space: SpaceId): Promise<void> {
  if (!isDocumentId(name) && name !== 'index') throw new Error('A document has no name of a document.');
  const update = new Uint8Array(await bytes.arrayBuffer());
  const store = await openStore(storageName(`islet-doc-${name}`, space));
  try {
    await new Promise<void>((resolve, reject) => {
      const write = store.transaction('updates', 'readwrite', { durability: 'strict' });
      write.objectStore('updates').add(update);
      write.oncomplete = () => resolve();
      write.onabort = () => reject(write.error ?? new Error('IndexedDB gave up a write'));
    });
  } finally {
    store.close();
  }
  await db.sync.put({ doc: name, dirty: 1 });
}

async function keepBlob({ name, bytes, hash }: Piece, db: Database): Promise<void> {
  const row = v.parse(blobRow, JSON.parse(name));
  if (row.id !== hash || row.size !== bytes.size) throw new Error('A file is not what it is called.');
  const { used, stays, ...rest } = row;
  // Made anew: a blob of another page is only borrowed.
  const own = new Blob([await bytes.arrayBuffer()], { type: row.type });
  await db.blobs.put({
    ...rest,
    ...(used === undefined ? {} : { used }),
    ...(stays === undefined ? {} : { stays }),
    bytes: own,
  });
}

async function keepRows({ name, bytes }: Piece, db: Database): Promise<void> {
  const rows = v.parse(rowsSchema, JSON.parse(await bytes.text()));
  if (rows.length === 0) return;
  const table = handedTables.find((known) => known === name);
  if (table === undefined) throw new Error('There is something of a later version among it.');
  await db.table(table).bulkPut(rows);
}
