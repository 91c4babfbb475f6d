import { IsletError } from '../../../shared/errors.ts';
import { unwrapFolderKey } from '../../../shared/file/folder-key.ts';
import {
  importEntryKey,
  openEntry,
  readKeyId,
  type SealedContent,
} from '../../../shared/file/sealed-entry.ts';
import type { DeviceKeys } from '../device/key-store.ts';

/** A folder key wrapped for this device. */
export interface OwnWrap {
  kid: string;
  folder: string;
  wrap: string;
}

/** An entry in a sealed folder, as the index has it. */
export interface SealedEntry {
  readonly id: string;
  readonly sealed: string;
}

/** The folder keys that this device can open, opened once. */
export interface KeyRing {
  /** @throws IsletError E-SEALED-KEY when no device has given this one the key */
  folderKey(kid: string): Promise<Uint8Array>;
  /** The key for names and types under a folder key. */
  entryKey(kid: string): Promise<CryptoKey>;
  /** @throws IsletError E-SEALED-KEY, E-SEALED-DAMAGED, E-SEALED-FORMAT */
  open(entry: SealedEntry): Promise<SealedContent>;
}

type FindWrap = (kid: string) => Promise<OwnWrap | undefined>;

/** Entries that stay opened, so that a list can be drawn again without work. */
const keptOpen = 20_000;

export function createKeyRing(keys: DeviceKeys, findWrap: FindWrap): KeyRing {
  const folderKeys = new Map<string, Promise<Uint8Array>>();
  const entryKeys = new Map<string, Promise<CryptoKey>>();
  const opened = new Map<string, SealedContent>();

  async function unwrap(kid: string): Promise<Uint8Array> {
    const found = await findWrap(kid);
    if (!found) throw new IsletError('E-SEALED-KEY', 'this device has no key of this sealed folder yet', kid);
    const { folder, wrap } = found;
    return unwrapFolderKey(wrap, { folder, kid, did: keys.origin, ecdh: keys.ecdh }, keys.derive);
  }

  const folderKey = (kid: string): Promise<Uint8Array> => remember(folderKeys, kid, () => unwrap(kid));
  const entryKey = (kid: string): Promise<CryptoKey> =>
    remember(entryKeys, kid, async () => importEntryKey(await folderKey(kid)));

  return {
    folderKey,
    entryKey,
    open: async ({ id, sealed }) => {
      const name = `${id} ${sealed}`;
      const known = opened.get(name);
      if (known) return known;
      const content = await openEntry(sealed, { id, key: await entryKey(readKeyId(sealed)) });
      if (opened.size >= keptOpen) opened.clear();
      opened.set(name, content);
      return content;
    },
  };
}

/** What failed is tried again the next time: the key may have come since. */
function remember<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(name);
  if (before) return before;
  const made = make().catch((error: unknown) => {
    known.delete(name);
    throw error;
  });
  known.set(name, made);
  return made;
}
