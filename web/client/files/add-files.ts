import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { createDocumentId } from '../documents/document-id.ts';
import type { NewFile as TreeFile, Tree } from '../documents/tree.ts';
import { cleanTitle } from '../documents/title.ts';
import type { Vaults } from '../sealed/vaults.ts';
import { isFull } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import { keepContent, toContent, toSealedContent } from './enter-files.ts';
import type { FileWork } from './file-work.ts';
import { prepareFile } from './prepare-file.ts';

/** A picked file; `path` names the folders it lies in, the outermost first. */
export interface NewFile {
  readonly file: File;
  readonly path: readonly string[];
  /** The id of its entry, where something names it already. */
  readonly id?: string;
}

export type NotAdded = 'unreadable' | 'no-space' | 'too-large' | 'sealed' | 'failed';

export interface AddProgress {
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** The file that is being read. */
  readonly name: string;
}

export interface AddReport {
  /** Ids of the entries. */
  readonly added: string[];
  readonly refused: { name: string; reason: NotAdded; message: string }[];
  readonly cancelled: boolean;
}

export interface AddOptions {
  /** A folder; empty for the top. */
  parent: string;
  signal: AbortSignal;
  onProgress?: (progress: AddProgress) => void;
}

export interface AddParts {
  db: Database;
  tree: Tree;
  work: FileWork;
  /** Undefined while this space has no name. */
  vaults: () => Vaults | undefined;
  /** Bytes that this browser has room for, once it made room for `wanted`; undefined when it does not tell. */
  room: (wanted: number) => Promise<number | undefined>;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** Entries appear together when so many are complete, or so long after the ones before, in milliseconds. */
const batchSize = 25;
const batchEvery = 400;
/** A file of so many bytes takes a while. */
const large = 8 * 1024 * 1024;

/**
 * Reads files in, one after the other: bytes first, then the entry, so that there never is one without its bytes. Needs no relay. A file that
 * cannot be read is reported and holds up nothing; cancelling keeps what is complete.
 */
export async function addFiles(
  items: readonly NewFile[],
  { parent, signal, onProgress = () => undefined }: AddOptions,
  parts: AddParts,
): Promise<AddReport> {
  const { tree, now } = parts;
  const report: AddReport = { added: [], refused: [], cancelled: false };
  const totalBytes = items.reduce((sum, { file }) => sum + file.size, 0);
  const folderOf = createFolders(parent, parts);
  let batch: TreeFile[] = [];
  let flushed = now();
  let bytes = 0;
  const flush = (): void => {
    if (batch.length > 0) report.added.push(...tree.enterFiles(batch).ids);
    batch = [];
    flushed = now();
  };
  for (const [done, item] of items.entries()) {
    const { file, path } = item;
    if (signal.aborted) break;
    onProgress({ done, total: items.length, bytes, totalBytes, name: file.name });
    // The others do not wait for one that takes long.
    if (file.size > large) flush();
    try {
      const folder = await folderOf(path);
      batch.push(await addOne(item, folder, parts));
    } catch (error) {
      report.refused.push({ name: file.name, ...toRefusal(error) });
    }
    bytes += file.size;
    if (batch.length >= batchSize || now() - flushed > batchEvery) flush();
  }
  flush();
  onProgress({ done: items.length, total: items.length, bytes, totalBytes, name: '' });
  return { ...report, cancelled: signal.aborted };
}

async function addOne(item: NewFile, parent: string, parts: AddParts): Promise<TreeFile> {
  const { file } = item;
  const { db, tree, work, vaults, room, now, random } = parts;
  const left = await room(file.size);
  if (left !== undefined && file.size > left)
    throw new IsletError('E-CORE-TOOLARGE', 'This device has no room for it.', file.size);
  const id = item.id ?? createDocumentId(random);
  const prepared = await prepareFile(file, { work });
  const plain = { ...prepared, title: cleanTitle(prepared.title) || '_' };
  const vault = tree.vaultOf(parent)?.id;
  const content =
    vault === undefined
      ? await toContent(plain, work)
      : await toSealedContent(plain, { vaults: assertVaults(vaults()), vault, id });
  await keepContent(content, id, { db, work, now });
  return { id, title: vault === undefined ? plain.title : '', parent, fields: content.fields };
}

/** @throws IsletError E-SEALED-KEY while this space has no name */
export function assertVaults(vaults: Vaults | undefined): Vaults {
  if (vaults) return vaults;
  throw new IsletError('E-SEALED-KEY', 'Sealed folders need a name for this space first.');
}

/** Gives the folder of a path, made at its first file; a folder of the same name that this import made is used again. */
function createFolders(parent: string, parts: AddParts): (path: readonly string[]) => Promise<string> {
  const { tree, vaults, random } = parts;
  const made = new Map<string, string>();
  const vault = tree.vaultOf(parent)?.id;
  return async (path) => {
    let [folder, at] = [parent, ''];
    for (const name of path) {
      const title = cleanTitle(name) || '_';
      at += `/${title}`;
      let id = made.get(at);
      if (id === undefined) {
        id = createDocumentId(random);
        const fields =
          vault === undefined ? {} : { sealed: await assertVaults(vaults()).sealTitle(vault, id, title) };
        tree.createFolder(title, folder, { id, fields });
        made.set(at, id);
      }
      folder = id;
    }
    return folder;
  };
}

function toRefusal(error: unknown): { reason: NotAdded; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (isFull(error)) return { reason: 'no-space', message };
  if (error instanceof IsletError && error.code === 'E-CORE-TOOLARGE')
    return { reason: 'too-large', message };
  if (error instanceof IsletError && error.code.startsWith('E-SEALED')) return { reason: 'sealed', message };
  const name = error instanceof Error ? error.name : '';
  const isUnreadable = ['NotReadableError', 'NotFoundError', 'SecurityError'].includes(name);
  return { reason: isUnreadable ? 'unreadable' : 'failed', message };
}
