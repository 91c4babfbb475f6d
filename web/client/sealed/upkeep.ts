import type * as Y from 'yjs';
import { findDevice } from '../../../shared/device/device-log.ts';
import { mayWrap } from '../../../shared/file/folder-key.ts';
import { readKeyId, sealEntry } from '../../../shared/file/sealed-entry.ts';
import { entryFields } from '../documents/index-entries.ts';
import type { DocumentRow } from '../store/database.ts';
import {
  currentKey,
  folderKeysOf,
  holdsKey,
  isHeld,
  type KeyFields,
  type KeyMaker,
  makeFolderKey,
  readStatements,
  readStoredKeys,
  type StoredKey,
  wrapForOthers,
  wrapsOfRemoved,
} from './folder-keys.ts';
import type { KeyRing, SealedEntry } from './key-ring.ts';

/** The rows of the index, as the tree shows them. */
export type Rows = () => ReadonlyMap<string, Pick<DocumentRow, 'id' | 'sealed' | 'vault'>>;

export interface UpkeepOptions extends KeyMaker {
  index: Y.Doc;
  rows: Rows;
  ring: KeyRing;
}

/**
 * SPEC E7, E8: gives every device the keys that this one has, makes a new key for folders that need one, and seals entries again
 * under it. Does nothing on a device that was removed.
 */
export async function keepFolderKeys(options: UpkeepOptions): Promise<void> {
  const { index, rows, keys, log } = options;
  if (!findDevice(log, keys.did)) return;
  for (const folder of foldersInUse(readStoredKeys(index), rows)) {
    const stored = [...readStoredKeys(index).values()].filter((key) => key.folder === folder);
    setKeys(index, await missingFields(options, folder, stored));
    await sealAgain(options, folder);
  }
}

/** Sealed folders, and such as are gone while something that was sealed in them is not. */
function foldersInUse(stored: ReadonlyMap<string, StoredKey>, rows: Rows): Set<string> {
  const folders = new Set<string>();
  for (const row of rows().values()) {
    if (row.vault !== undefined) folders.add(row.id);
    const folder = row.sealed === undefined ? undefined : stored.get(keyIdOf(row.sealed))?.folder;
    if (folder !== undefined) folders.add(folder);
  }
  return folders;
}

function keyIdOf(sealed: string): string {
  try {
    return readKeyId(sealed);
  } catch {
    return ''; // by no key that we know
  }
}

async function missingFields(
  options: UpkeepOptions,
  folder: string,
  stored: readonly StoredKey[],
): Promise<KeyFields> {
  const { keys, log, ring } = options;
  const fields: KeyFields = new Map(stored.flatMap((key) => [...wrapsOfRemoved(key, log)]));
  const held = stored.filter((key) => holdsKey(key, keys.origin));
  const statements = await readStatements(stored, folder, log);
  for (const key of held) {
    if (!statements.some((statement) => statement.kid === key.kid && mayWrap(statement, log))) continue;
    // A wrap that does not open is of no use to others either.
    const bytes = await ring.folderKey(key.kid).catch(() => undefined);
    for (const [name, wrap] of bytes ? await wrapForOthers(key, bytes, log) : []) fields.set(name, wrap);
  }
  const needsKey =
    currentKey(statements, log) === undefined && (held.length > 0 || !stored.some((key) => isHeld(key, log)));
  if (needsKey)
    for (const [name, text] of await makeFolderKey(folder, options, statements)) fields.set(name, text);
  return fields;
}

function setKeys(index: Y.Doc, fields: KeyFields): void {
  if (fields.size === 0) return;
  const map = folderKeysOf(index);
  index.transact(() => {
    for (const [name, value] of fields) {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    }
  });
}

/** SPEC E8: names and types go under the current key; what was sealed under older ones stays as it is for whom it is open to. */
async function sealAgain(options: UpkeepOptions, folder: string): Promise<void> {
  const { index, rows, keys, log, ring, random } = options;
  const stored = readStoredKeys(index);
  const own = [...stored.values()].filter((key) => key.folder === folder);
  const kid = currentKey(await readStatements(own, folder, log), log)?.kid;
  const current = kid === undefined ? undefined : stored.get(kid);
  if (!kid || !current || !holdsKey(current, keys.origin)) return;
  const changes: { before: SealedEntry; sealed: string }[] = [];
  for (const { id, sealed } of rows().values()) {
    if (sealed === undefined || keyIdOf(sealed) === kid || stored.get(keyIdOf(sealed))?.folder !== folder)
      continue;
    const content = await ring.open({ id, sealed }).catch(() => undefined);
    if (!content) continue; // another device may have that key
    const key = await ring.entryKey(kid);
    changes.push({ before: { id, sealed }, sealed: await sealEntry(content, { id, kid, key, random }) });
  }
  index.transact(() => {
    for (const { before, sealed } of changes) {
      const fields = entryFields(index, before.id);
      if (fields?.get('sealed') === before.sealed) fields.set('sealed', sealed);
    }
  });
}
