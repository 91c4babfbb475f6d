import type * as Y from 'yjs';
import type { Random } from '../../../shared/bytes.ts';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import {
  readKeyId,
  sealEntry,
  type SealedContent,
  type SealedVariant,
} from '../../../shared/file/sealed-entry.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import type { Database, DocumentRow } from '../store/database.ts';
import {
  currentKey,
  folderKeysOf,
  holdsKey,
  ownWraps,
  readStatements,
  readStoredKeys,
} from './folder-keys.ts';
import { createKeyRing, type SealedEntry } from './key-ring.ts';
import { openBlob, sealBlob } from './seal-blob.ts';
import { keepFolderKeys, type Rows } from './upkeep.ts';

export interface VaultsOptions {
  db: Pick<Database, 'folderKeys' | 'transaction'>;
  index: Y.Doc;
  rows: Rows;
  keys: DeviceKeys;
  /** The device log as it is known here, verified: works offline. */
  readLog: () => Promise<DeviceLog>;
  /** Names bytes: `b1~…`. */
  hash: (bytes: Blob) => Promise<string>;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** A file as it is before sealing, and after opening. Bytes stand under the names of their variants. */
export interface PlainFile {
  readonly title: string;
  readonly mime: string;
  /** Bytes of the original. */
  readonly size: number;
  /** `blob` of each is that of its plain bytes, or empty where nobody asked for it. */
  readonly variants: readonly Variant[];
  readonly blobs: ReadonlyMap<string, Blob>;
}

/** What the entry of a sealed file has in the index. Members that are undefined are taken away. */
export interface SealedFields {
  type: 'sealed';
  title: '';
  excerpt: '';
  sealed: string;
  file: string;
  descriptor: string;
  mime: undefined;
  size: undefined;
  [field: string]: string | undefined;
}

export interface SealedFile {
  readonly fields: SealedFields;
  /** The sealed bytes to keep and to upload, by blob id. */
  readonly blobs: ReadonlyMap<string, Blob>;
}

/** A row with what only the devices can read of it. */
export type Revealed<R> = R & { readonly locked: boolean; readonly variants?: readonly SealedVariant[] };

/** The sealed folders of an identity, on a device of it. */
export interface Vaults {
  /** Gives keys to new devices, makes new ones after a removal and for new folders. Run by one tab, when the device log changed. */
  ensureKeys(): Promise<void>;
  /** `ensureKeys` now and whenever keys come from elsewhere. Returns its end. */
  keepKeys(onFailure: (error: unknown) => void): () => void;
  /** @throws IsletError E-SEALED-KEY, E-SEALED-DAMAGED, E-SEALED-FORMAT */
  open(entry: SealedEntry): Promise<SealedContent>;
  /** Fills in titles, types and sizes; `locked` are those that this device cannot open. */
  reveal<R extends DocumentRow>(rows: readonly R[]): Promise<Revealed<R>[]>;
  /** Seals the entry `id` for the sealed folder `vault`. @throws IsletError E-SEALED-KEY */
  sealFile(vault: string, id: string, file: PlainFile): Promise<SealedFile>;
  /** `sealed` of a folder inside a sealed folder. */
  sealTitle(vault: string, id: string, title: string): Promise<string>;
  /** `sealed` with another title. */
  rename(entry: SealedEntry, title: string): Promise<string>;
  /** The whole file in plain; `load` gives sealed bytes. @throws IsletError E-SEALED-*, E-CORE-NOTFOUND */
  openFile(entry: SealedEntry, load: (blob: string) => Promise<Blob | undefined>): Promise<PlainFile>;
  close(): void;
}

/** Opens the sealed folders on this device. The wraps for it also go to Dexie, where the service worker finds them. */
export function createVaults(options: VaultsOptions): Vaults {
  const { db, index, keys, readLog, hash, random } = options;
  const map = folderKeysOf(index);
  const ring = createKeyRing(keys, async (kid) =>
    ownWraps(readStoredKeys(index), keys.origin).find((own) => own.kid === kid),
  );
  /** The current key of a folder under a head of the device log, until keys change. */
  const current = new Map<string, string>();
  let running: Promise<void> = Promise.resolve();

  async function project(): Promise<void> {
    await db.transaction('rw', db.folderKeys, async () => {
      await db.folderKeys.clear();
      await db.folderKeys.bulkPut(ownWraps(readStoredKeys(index), keys.origin));
    });
  }
  let projecting = project();
  const onChange = (): void => {
    current.clear();
    projecting = projecting.catch(() => undefined).then(project);
  };
  map.observe(onChange);

  function ensureKeys(): Promise<void> {
    running = running
      .catch(() => undefined)
      .then(async () => {
        await keepFolderKeys({ ...options, ring, log: await readLog() });
        await projecting;
      });
    return running;
  }

  async function findCurrent(folder: string): Promise<string | undefined> {
    const log = await readLog();
    const name = `${folder} ${log.head}`;
    if (current.has(name)) return current.get(name);
    const stored = readStoredKeys(index);
    const own = [...stored.values()].filter((key) => key.folder === folder);
    const kid = currentKey(await readStatements(own, folder, log), log)?.kid;
    const key = kid === undefined ? undefined : stored.get(kid);
    if (!kid || !key || !holdsKey(key, keys.origin)) return undefined;
    current.set(name, kid);
    return kid;
  }

  /** The key id under which `folder` seals now. */
  async function sealingKey(folder: string): Promise<string> {
    const found = await findCurrent(folder);
    if (found !== undefined) return found;
    await ensureKeys();
    const made = await findCurrent(folder);
    if (made !== undefined) return made;
    throw new IsletError('E-SEALED-KEY', 'this device has no key of this sealed folder yet', folder);
  }

  async function seal(folder: string, id: string, content: SealedContent): Promise<string> {
    const kid = await sealingKey(folder);
    return sealEntry(content, { id, kid, key: await ring.entryKey(kid), random });
  }

  async function revealRow<R extends DocumentRow>(row: R): Promise<Revealed<R>> {
    const { id, sealed } = row;
    if (sealed === undefined) return { ...row, locked: false };
    const content = await ring.open({ id, sealed }).catch(() => undefined);
    return content ? { ...row, ...content, locked: false } : { ...row, locked: true };
  }

  return {
    ensureKeys,
    keepKeys(onFailure) {
      const ensure = (): void => void ensureKeys().catch(onFailure);
      const listen = (_: unknown, { local }: Y.Transaction): void => {
        if (!local) ensure();
      };
      map.observe(listen);
      ensure();
      return () => map.unobserve(listen);
    },
    open: ring.open,
    reveal: (rows) => Promise.all(rows.map(revealRow)),
    sealFile: async (vault, id, file) => {
      const { variants, blobs } = await sealVariants(file, { hash, random });
      const { title, mime, size } = file;
      const sealed = await seal(vault, id, { title, mime, size, variants });
      const descriptor = formatDescriptor(variants.map((variant) => outside(variant, blobs)));
      const fields: SealedFields = {
        ...{ type: 'sealed', title: '', excerpt: '', sealed, descriptor },
        file: await fileId(descriptor),
        ...{ mime: undefined, size: undefined },
      };
      return { fields, blobs };
    },
    sealTitle: (vault, id, title) => seal(vault, id, { title, variants: [] }),
    rename: async (entry, title) => {
      const folder = readStoredKeys(index).get(readKeyId(entry.sealed))?.folder ?? '';
      return seal(folder, entry.id, { ...(await ring.open(entry)), title });
    },
    openFile: async (entry, load) => openVariants(await ring.open(entry), load),
    close: () => map.unobserve(onChange),
  };
}

/** Seals each variant under a key of its own. @throws IsletError E-FILE-INVALID when the bytes of one are not there */
async function sealVariants(
  { variants, blobs }: PlainFile,
  { hash, random }: Pick<VaultsOptions, 'hash' | 'random'>,
): Promise<{ variants: SealedVariant[]; blobs: Map<string, Blob> }> {
  const sealed: SealedVariant[] = [];
  const kept = new Map<string, Blob>();
  for (const variant of variants) {
    const plain = blobs.get(variant.name);
    if (!plain) throw new IsletError('E-FILE-INVALID', 'the bytes of a variant are missing', variant.name);
    const { blob, key } = await sealBlob(plain, random);
    const id = await hash(blob);
    kept.set(id, blob);
    sealed.push({ ...variant, size: plain.size, blob: id, key });
  }
  return { variants: sealed, blobs: kept };
}

/** What the relay sees of a variant: bytes of a length. */
function outside({ name, blob }: SealedVariant, blobs: ReadonlyMap<string, Blob>): Variant {
  const size = blobs.get(blob)?.size ?? 0;
  return { name: name.replace(/^\w+/, 'raw'), blob, format: 'bin', size, width: 0, height: 0 };
}

async function openVariants(
  { title, mime = 'application/octet-stream', size = 0, variants }: SealedContent,
  load: (blob: string) => Promise<Blob | undefined>,
): Promise<PlainFile> {
  const blobs = new Map<string, Blob>();
  const plain: Variant[] = [];
  for (const { key, ...variant } of variants) {
    const sealed = await load(variant.blob);
    if (!sealed)
      throw new IsletError('E-CORE-NOTFOUND', 'the bytes of a sealed file are not here', variant.blob);
    const type = variant.name.endsWith('.orig') ? mime : `image/${variant.format}`;
    blobs.set(variant.name, await openBlob(sealed, key, type));
    plain.push({ ...variant, blob: '' });
  }
  return { title, mime, size, variants: plain, blobs };
}
