import { showToast } from '../../state/toasts.ts';
import { t, tCount } from '../../i18n/files/translate.ts';
import {
  createFolder,
  createSealedFolder,
  type FileItem,
  fileItem,
  moveItems,
  purgeItems,
  renameItem,
  restoreItems,
  setKept,
  trashItems,
  type Undo,
} from '../../state/files.ts';
import { isOwnText, renameDocument } from '../../state/library.ts';
import { shownTitle } from './words.ts';

/** Does something and tells its failure; undefined then. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    showToast(t('files.failed', { message: error instanceof Error ? error.message : String(error) }));
    return undefined;
  }
}

let lastUndo: Undo | undefined;

/** Says what was done, with a way back. */
export function tellUndoable(text: string, undo: Undo): void {
  lastUndo = undo;
  showToast(text, { label: t('files.undo'), run: () => void undoLast(undo) });
}

/** Takes back what was done last on this page, or the one thing given. */
export async function undoLast(undo: Undo | undefined = lastUndo): Promise<void> {
  if (!undo) return;
  if (lastUndo === undo) lastUndo = undefined;
  await attempt(undo);
}

/** The title of one, the number of many: for the words that tell what was done. */
function tellCount(
  key: 'files.trashed' | 'files.restored' | 'files.moved' | 'files.purged' | 'files.keptOn' | 'files.keptOff',
  items: readonly FileItem[],
  values: Record<string, string> = {},
): string {
  const [first] = items;
  return tCount(key, items.length, { ...values, title: first ? shownTitle(first) : '' });
}

function itemsOf(ids: readonly string[]): FileItem[] {
  return ids.map((id) => fileItem(id)).filter((item) => item !== undefined);
}

export async function trash(ids: string[]): Promise<void> {
  const items = itemsOf(ids);
  if (items.length === 0) return;
  const undo = await attempt(() => trashItems(ids));
  if (undo) tellUndoable(tellCount('files.trashed', items), undo);
}

export async function restore(ids: string[]): Promise<void> {
  const items = itemsOf(ids);
  const undo = await attempt(() => restoreItems(ids));
  if (undo) tellUndoable(tellCount('files.restored', items), undo);
}

export async function purge(ids: string[]): Promise<void> {
  const items = itemsOf(ids);
  const done = await attempt(() => purgeItems(ids).then(() => true));
  if (done) showToast(tellCount('files.purged', items));
}

/** Moves what is not there already. */
export async function move(ids: readonly string[], parent: string): Promise<void> {
  const items = itemsOf(ids).filter((item) => item.parent !== parent && item.id !== parent);
  if (items.length === 0) return;
  const undo = await attempt(() =>
    moveItems(
      items.map(({ id }) => id),
      parent,
    ),
  );
  if (undo) tellUndoable(tellCount('files.moved', items, { folder: folderTitle(parent) }), undo);
}

/** The name of a folder for a sentence; the top is the page itself. */
export function folderTitle(id: string): string {
  const folder = id === '' ? undefined : fileItem(id);
  return folder ? shownTitle(folder) : t('files.title');
}

/** Nothing changes when the name is the same or empty. */
export async function rename(item: FileItem, title: string): Promise<void> {
  const wanted = title.trim();
  if (wanted === '' || wanted === item.title) return;
  const undo = await attempt(() =>
    isOwnText(item) ? renameDocument(item.id, wanted) : renameItem(item.id, wanted),
  );
  if (undo) tellUndoable(t('files.renamed', { title: wanted }), undo);
}

/** A document of somebody else is named by its words: said, not done. */
export function mayRename(item: FileItem): boolean {
  const words = item.type === 'text' && !isOwnText(item);
  if (words) showToast(t('files.renameDocument'));
  return !words && !item.locked;
}

/** Makes a folder and returns its id; undefined when that failed, which was told. */
export async function newFolder(title: string, parent: string, sealed: boolean): Promise<string | undefined> {
  if (sealed) {
    const vault = await attempt(() => createSealedFolder(title, parent));
    if (vault) showToast(t('files.created', { title }));
    return vault?.id;
  }
  const made = await attempt(() => createFolder(title, parent));
  if (made) tellUndoable(t('files.created', { title }), made.undo);
  return made?.id;
}

export async function keep(ids: string[], kept: boolean): Promise<void> {
  const items = itemsOf(ids);
  const done = await attempt(() => setKept(ids, kept).then(() => true));
  if (done) showToast(tellCount(kept ? 'files.keptOn' : 'files.keptOff', items));
}
