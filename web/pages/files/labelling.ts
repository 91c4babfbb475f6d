import { createSignal } from 'solid-js';
import { isDocumentType } from '../../client/documents/find-entries.ts';
import { t, tCount } from '../../i18n/library/translate.ts';
import { type FileItem, fileItem } from '../../state/files.ts';
import { duplicateDocuments, setFavourite, setTag, setTemplate } from '../../state/library.ts';
import { showToast } from '../../state/toasts.ts';
import { attempt, move, tellUndoable } from './operations.ts';
import { shownTitle } from './words.ts';

function itemsOf(ids: readonly string[]): FileItem[] {
  return ids.flatMap((id) => fileItem(id) ?? []);
}

function tell(key: Parameters<typeof tCount>[0], items: readonly FileItem[]): string {
  const [first] = items;
  return tCount(key, items.length, { title: first ? shownTitle(first) : '' });
}

export async function favourite(ids: readonly string[], on: boolean): Promise<void> {
  const items = itemsOf(ids);
  const undo = await attempt(() => setFavourite(ids, on));
  if (undo) tellUndoable(tell(on ? 'library.starred' : 'library.unstarred', items), undo);
}

export async function template(ids: readonly string[], on: boolean): Promise<void> {
  const items = itemsOf(ids);
  const undo = await attempt(() => setTemplate(ids, on));
  if (undo) tellUndoable(tell(on ? 'library.templated' : 'library.untemplated', items), undo);
}

export async function tag(ids: readonly string[], name: string, on: boolean): Promise<void> {
  const undo = await attempt(() => setTag(ids, name, on));
  if (undo) tellUndoable(t(on ? 'library.tagGiven' : 'library.tagTaken', { tag: name }), undo);
}

/** Copies entries, each beside its original, a folder with all that is in it. */
export async function duplicate(ids: readonly string[]): Promise<void> {
  const items = itemsOf(ids).filter(mayDuplicate);
  const titles = new Map(items.map((item) => [item.id, titleOfCopy(item)]));
  const made = await attempt(() => duplicateDocuments([...titles.keys()], (id) => titles.get(id) ?? ''));
  if (!made) return;
  const left = made.left.length === 0 ? '' : ` ${tCount('library.notCopied', made.left.length)}`;
  tellUndoable(tell('library.duplicated', items) + left, made.undo);
}

/** The ending of a file stays at its end. */
function titleOfCopy(item: FileItem): string {
  const title = shownTitle(item);
  const ending = item.type === 'file' ? (/(?<=.)\.\w{1,10}$/.exec(title)?.[0] ?? '') : '';
  return t('library.copyOf', { title: title.slice(0, title.length - ending.length) }) + ending;
}

/** Everything that is not sealed: a copy has rows and bytes that all devices can read. */
export function mayDuplicate(item: FileItem): boolean {
  const isOpen = item.sealed === undefined && item.vault === undefined && !item.locked;
  return mayCopy(item) || (isOpen && (item.type === 'folder' || item.type === 'file'));
}

/** Documents that can be read here; what lies in a sealed folder is no document. */
export function mayCopy({ type, locked }: FileItem): boolean {
  return isDocumentType(type) && type !== 'other' && !locked;
}

const [cutIds, setCutIds] = createSignal<ReadonlySet<string>>(new Set());
/** What moves at the next paste. */
export { cutIds };

/** Marks entries; nothing happens to them until they are pasted. */
export function cut(ids: readonly string[]): void {
  setCutIds(new Set(ids));
  if (ids.length > 0) showToast(tell('library.cut', itemsOf(ids)));
}

/** Moves what was cut into a folder. Returns whether there was anything. */
export function pasteInto(folder: string): boolean {
  const ids = [...cutIds()];
  setCutIds(new Set<string>());
  void move(ids, folder);
  return ids.length > 0;
}
