import type { Random } from '../../../shared/bytes.ts';
import type { SealedContent } from '../../../shared/file/sealed-entry.ts';
import type { Documents } from '../documents/documents.ts';
import { openTree, type Tree } from '../documents/tree.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { Vaults } from '../sealed/vaults.ts';
import { openBlob } from '../sealed/seal-blob.ts';
import { evictBlobs, useBlob } from '../store/blobs.ts';
import type { Database, DocumentRow } from '../store/database.ts';
import { type AddOptions, addFiles, type AddReport, type NewFile } from './add-files.ts';
import { fetchBlob } from './fetch-blob.ts';
import type { FileWork } from './file-work.ts';
import { createMover } from './move-files.ts';
import { dropBlobs } from './upload-queue.ts';
import { filesOf, namedBy, readVariants } from './variants.ts';

export interface FilesOptions {
  db: Database;
  documents: Pick<Documents, 'index' | 'tree'>;
  work: FileWork;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** What speaks for an identity, once this browser does. */
export interface FilesAccount {
  api: RelayApi;
  vaults: Vaults;
  /** The last 8 characters of this device's did. */
  device: string;
}

/** The files of this browser, with or without a relay. */
export interface Files {
  readonly tree: Tree;
  readonly work: FileWork;
  /** Lets files be sealed, and fetched from the relay. */
  connect(account: FilesAccount): void;
  readonly account: FilesAccount | undefined;
  add(items: readonly NewFile[], options: AddOptions): Promise<AddReport>;
  /** The bytes of a variant, opened when sealed; undefined when neither this device nor the relay has them. */
  readVariant(id: string, name: string): Promise<Blob | undefined>;
  /** Moves entries, also over the border of a sealed folder: then their bytes are sealed or opened on the way. Gives the way back. */
  move(ids: readonly string[], parent: string): Promise<() => Promise<void>>;
  /** A folder; inside a sealed one its name is sealed too. */
  createFolder(title: string, parent: string): Promise<{ id: string; undo: () => unknown }>;
  createSealedFolder(title: string, parent: string): Promise<string>;
  rename(id: string, title: string): Promise<() => void>;
  /** Deletes for good, at the relay too as soon as it can be reached. */
  purge(ids: readonly string[]): Promise<void>;
  /** This device promises to keep what these are or contain, or takes that back. */
  setKept(ids: readonly string[], kept: boolean): Promise<void>;
  stopUpload(id: string): Promise<void>;
  retryUpload(id: string): Promise<void>;
  close(): void;
}

/** Bytes that are left free for documents when files come in. */
const reserve = 32 * 1024 * 1024;

export function createFiles({ db, documents, work, now, random }: FilesOptions): Files {
  const index = documents.index.doc;
  const tree = openTree({ index, live: documents.tree, now, random });
  let account: FilesAccount | undefined;
  const vaults = (): Vaults | undefined => account?.vaults;

  async function room(wanted: number): Promise<number | undefined> {
    const estimate = await globalThis.navigator?.storage?.estimate();
    const { usage = 0, quota } = estimate ?? {};
    if (quota === undefined) return undefined;
    const left = quota - usage - reserve;
    // Nothing makes room for what is larger than all there is.
    const helps = left < wanted && wanted < quota - reserve;
    return helps ? left + (await evictBlobs(db, wanted - left)) : left;
  }
  async function load(blob: string, type?: string, size?: number): Promise<Blob | undefined> {
    if (!account) return useBlob(db, blob, now());
    const known = { ...(type !== undefined && { type }), ...(size !== undefined && { size }) };
    return fetchBlob(blob, { db, api: account.api, work, now }, known);
  }
  const mover = createMover({ db, tree, work, vaults, load, now, random, release });

  /**
   * The bytes of entries that are gone, once that is saved: here at once, at the relay when it can be reached and, where the entry `after`
   * has other contents now, has those.
   */
  async function release(gone: readonly DocumentRow[], after?: string): Promise<void> {
    await documents.index.whenSaved();
    const inUse = namedBy(tree.below('')).files;
    const files = gone.flatMap(filesOf).filter((file) => !inUse.has(file));
    const blobs = gone.flatMap((row) => readVariants(row).map(({ blob }) => blob));
    await db.transaction('rw', [db.blobs, db.uploads, db.releases], async () => {
      await db.releases.bulkPut(files.map((file) => ({ file, ...(after !== undefined && { after }) })));
      await dropBlobs(db, blobs, tree);
    });
  }

  async function openRow(row: DocumentRow): Promise<SealedContent | undefined> {
    const { id, sealed } = row;
    return sealed === undefined ? undefined : account?.vaults.open({ id, sealed });
  }

  return {
    tree,
    work,
    connect: (next) => void (account = next),
    get account() {
      return account;
    },
    async add(items, options) {
      const report = await addFiles(items, options, { db, tree, work, vaults, room, now, random });
      await documents.index.whenSaved();
      return report;
    },
    async readVariant(id, name) {
      const row = tree.get(id);
      if (!row) return undefined;
      const content = await openRow(row);
      if (!content) {
        const variant = readVariants(row).find((one) => one.name === name);
        const type = name.endsWith('.orig') ? row.mime : `image/${variant?.format ?? ''}`;
        return variant && load(variant.blob, type, variant.size);
      }
      const variant = content.variants.find((one) => one.name === name);
      const sealed = variant && (await load(variant.blob, 'application/octet-stream'));
      if (!variant || !sealed) return undefined;
      const type = name.endsWith('.orig') ? (content.mime ?? '') : `image/${variant.format}`;
      return openBlob(sealed, variant.key, type);
    },
    move: mover.move,
    rename: mover.rename,
    createFolder: mover.createFolder,
    createSealedFolder: mover.createSealedFolder,
    async purge(ids) {
      const { entries } = tree.purge(ids);
      await db.uploads.bulkDelete(entries.map(({ id }) => id));
      await db.downloads.bulkDelete(entries.map(({ id }) => id));
      await release(entries);
    },
    async setKept(ids, kept) {
      if (!account) return;
      tree.setKept(ids, account.device, kept);
      if (kept) return;
      const rows = ids.flatMap((id) => [tree.get(id) ?? [], tree.below(id)].flat());
      const blobs = rows.flatMap((row) => readVariants(row).filter(({ name }) => !name.endsWith('.tn')));
      await db.blobs
        .where('id')
        .anyOf(blobs.map(({ blob }) => blob))
        .modify({ stays: 0 });
      await db.downloads.bulkDelete(rows.map(({ id }) => id));
    },
    async stopUpload(id) {
      await db.uploads.update(id, { state: 'stopped' });
    },
    async retryUpload(id) {
      await db.uploads.update(id, { state: 'waiting' });
      await db.downloads.update(id, { state: 'waiting' });
    },
    close: () => work.close(),
  };
}
