import { Dexie, type EntityTable, type Table } from 'dexie';
import type { ActionRow, OutboxRow, PersonRow, StandingRow } from './action-rows.ts';
import { storageName } from '../spaces.ts';
import type { MomentRow, StoredRow } from '../history/history-rows.ts';
import type { AlarmRow } from '../watch/alarms.ts';
import { upgradeToNeighbours } from './upgrade-neighbours.ts';

/**
 * What lists show of a document, file or folder: a projection of the index, never the truth. Times are milliseconds
 * since 1970. Fields of a file (`file`, `descriptor`) are texts that another device wrote: parse them.
 */
export interface DocumentRow {
  id: string;
  title: string;
  excerpt: string;
  /** `text`, `file`, `folder`, `sealed`, or what a later version added. */
  type: string;
  created: number;
  edited: number;
  /** 1 when it, or a folder above it, is in the trash. */
  trashed: 0 | 1;
  /** When it was put in the trash itself. */
  trashedAt?: number | undefined;
  /** The folder that shows it; empty for the top. */
  parent: string;
  mime?: string | undefined;
  /** Bytes of the original. */
  size?: number | undefined;
  /** `f1~` and the descriptor of its bytes; of a sealed one those of the ciphertext. */
  file?: string | undefined;
  descriptor?: string | undefined;
  /** The `file` that the relay has acknowledged, as a device noted. */
  stored?: string | undefined;
  /** Name, type and keys of what lies in a sealed folder, which only devices that hold its key can read. */
  sealed?: string | undefined;
  /** Makes a folder a sealed one. */
  vault?: string | undefined;
  /** Whose document it is, when it is not ours; what it may be used for here, and since when no more. */
  owner?: string | undefined;
  level?: string | undefined;
  ended?: number | undefined;
  /** Since when it is a favourite, and since when a template; and its tags, in order. */
  favourite?: number | undefined;
  template?: number | undefined;
  tags?: string[] | undefined;
  /** Documents that its text links to; absent without one. */
  links?: string[] | undefined;
  /** The devices (last 8 characters of their did) that promise to keep a copy. */
  kept: string[];
}

/** Whether a document has edits that the relay has not acknowledged. `acked` is a Y.encodeSnapshot. */
export interface SyncRow {
  doc: string;
  dirty: 0 | 1;
  acked?: Uint8Array;
  /** When the oldest edit was made that the relay has not acknowledged, milliseconds; absent when there is none. */
  since?: number;
  /** When the relay was known last to have all of it on its disk, milliseconds. */
  stored?: number;
  /** A number in the relay's log behind which no row of it was seen, and the name of that log. */
  seq?: number;
  log?: string;
  /** When it was written to a file last, milliseconds. */
  exported?: number;
}

/** How far another device has stored a relay's log, as it said itself (SPEC S15). */
export interface CopyRow {
  /** did:key of the device. */
  device: string;
  log: string;
  seq: number;
  /** Milliseconds since 1970, by that device's clock. */
  time: number;
}

/** An entry of the one folder that this device has, as the relay told it last (SPEC C15). */
export interface ListedRow {
  id: string;
  fields: Record<string, string | number>;
  /** 0: the relay kept rows of it back, which are still to be fetched. */
  whole: 0 | 1;
  /** 1: it is not in the folder any more; it goes from here as soon as nothing of it waits to be sent. */
  left?: 1;
}

/** A row from the relay that waits for a word of a person (SPEC S16). */
export interface HeldRow {
  id?: number;
  doc: string;
  update: Uint8Array;
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
  /**
   * 0: goes to the relay by itself, as pictures in documents do. 1: the relay has acknowledged it. 2: it belongs to a file that the relay has
   * not acknowledged.
   */
  uploaded: 0 | 1 | 2;
  /** When it was last read, in milliseconds since 1970; what was read longest ago makes room first. */
  used?: number;
  /** Never makes room: a thumbnail, or kept by promise. */
  stays?: 0 | 1;
}

/** How far the upload of an entry's file is; it is there until the relay has acknowledged the file. */
export interface UploadRow {
  /** The entry. */
  id: string;
  /** What is sent. While the entry names another file this one is not entered yet, or was replaced. */
  file?: string;
  /** The blobs that were kept for it. */
  blobs?: string[];
  /** `stopped`: by the user; it stays on this device only until it is asked for again. */
  state: 'waiting' | 'running' | 'full' | 'refused' | 'damaged' | 'stopped';
  /** 1 when the relay may hold a part of it. */
  begun?: 0 | 1;
  sent: number;
  total: number;
  /** When it was asked for, milliseconds since 1970: first come, first sent. */
  at: number;
  /** Words of the relay. */
  reason?: string;
  /** Bytes that the relay had left, with `full`. */
  left?: number;
}

/** How far this device is with fetching a file that is to be kept here. */
export interface DownloadRow {
  id: string;
  state: 'waiting' | 'running' | 'refused';
  sent: number;
  total: number;
  reason?: string;
}

/** A file that the relay is to forget. */
export interface ReleaseRow {
  file: string;
  /** The entry that has other contents now: not before the relay has acknowledged those. */
  after?: string;
  /** Names the bytes that this device then forgets too. */
  descriptor?: string | undefined;
}

/** A file that another application handed over, until a page enters it into the tree. */
export interface ArrivalRow {
  order?: number;
  name: string;
  bytes: Blob;
}

/** Where a document of a neighbour stands with its owner's relay, as it was seen last. */
export interface RoomRow {
  doc: string;
  /** 1: something that was written here is not acknowledged there. */
  unsent: 0 | 1;
  /** Milliseconds since 1970. */
  at: number;
  /** Why we are not let in. */
  reason?: string;
}

/** A picture that was added here to a document of a neighbour, and that its owner's relay does not have yet. */
export interface OwedRow {
  doc: string;
  blob: string;
  /** Why it was refused there. */
  reason?: string;
}

/** A key of a sealed folder, wrapped for this device: a projection of the index for the service worker. */
export interface FolderKeyRow {
  kid: string;
  folder: string;
  wrap: string;
}

/** The words of a document, as the search looked through it last: a copy of what the document says, never the truth. */
export interface TextRow {
  id: string;
  /** `edited` of the document's row when it was read. */
  edited: number;
  /** Changes with what is stored of the document. */
  mark: string;
  text: string;
}

/** The messages of a document's comments that were on this screen, by their ids. */
export interface SeenRow {
  doc: string;
  messages: string[];
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
  standings: EntityTable<StandingRow, 'idTag'>;
  rooms: EntityTable<RoomRow, 'doc'>;
  owed: Table<OwedRow, [doc: string, blob: string], OwedRow>;
  folderKeys: EntityTable<FolderKeyRow, 'kid'>;
  texts: EntityTable<TextRow, 'id'>;
  seen: EntityTable<SeenRow, 'doc'>;
  alarms: EntityTable<AlarmRow, 'id'>;
  uploads: EntityTable<UploadRow, 'id'>;
  downloads: EntityTable<DownloadRow, 'id'>;
  releases: EntityTable<ReleaseRow, 'file'>;
  arrivals: Table<ArrivalRow, number, ArrivalRow>;
  copies: EntityTable<CopyRow, 'device'>;
  listed: EntityTable<ListedRow, 'id'>;
  held: Table<HeldRow, number, HeldRow>;
  rows: Table<StoredRow, [doc: string, device: string, session: string, first: number], StoredRow>;
  moments: Table<MomentRow, number, MomentRow>;
};

/**
 * Opens the database `islet` of this space. Every transaction is strict: IndexedDB's default may report a write that a power cut
 * takes back. Rejects when the browser offers no storage.
 */
export async function openDatabase(name = storageName('islet')): Promise<Database> {
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
  db.version(2)
    .stores({
      documents: 'id, edited, trashed, parent, type, [type+trashed]',
      folderKeys: 'kid',
      uploads: 'id, at',
      downloads: 'id',
      releases: 'file',
      arrivals: '++order',
    })
    .upgrade((change) => change.table('documents').toCollection().modify({ parent: '', kept: [] }));
  db.version(3)
    .stores({
      actions: 'id, actionId, p, sub, type, iat',
      standings: 'idTag',
      rooms: 'doc, unsent',
      owed: '[doc+blob], doc',
    })
    .upgrade(upgradeToNeighbours);
  db.version(4)
    .stores({ actions: 'id, actionId, p, sub, type, iat, unchecked', alarms: 'id, at' })
    .upgrade((change) =>
      change
        .table('actions')
        .filter(({ token }) => typeof token === 'string')
        .modify({ unchecked: 1 }),
    );
  db.version(5).stores({
    documents: 'id, edited, trashed, parent, type, [type+trashed], favourite',
    copies: 'device',
    held: '++id',
    rows: '[doc+device+session+first], doc',
    moments: '++id, doc',
    texts: 'id, [id+edited]',
    seen: 'doc',
  });
  db.version(6).stores({ listed: 'id' });
  await db.open();
  return db;
}
