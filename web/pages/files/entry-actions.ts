import CopyPlus from 'lucide-solid/icons/copy-plus';
import Download from 'lucide-solid/icons/download';
import Eye from 'lucide-solid/icons/eye';
import FolderInput from 'lucide-solid/icons/folder-input';
import Info from 'lucide-solid/icons/info';
import LayoutTemplate from 'lucide-solid/icons/layout-template';
import Pencil from 'lucide-solid/icons/pencil';
import Pin from 'lucide-solid/icons/pin';
import PinOff from 'lucide-solid/icons/pin-off';
import Share from 'lucide-solid/icons/share-2';
import Star from 'lucide-solid/icons/star';
import StarOff from 'lucide-solid/icons/star-off';
import Tags from 'lucide-solid/icons/tags';
import Trash from 'lucide-solid/icons/trash';
import Undo2 from 'lucide-solid/icons/undo-2';
import type { Accessor } from 'solid-js';
import { createSignal, untrack } from 'solid-js';
import { isDocumentType } from '../../client/documents/find-entries.ts';
import { isReader } from '../../client/rooms/may-write.ts';
import { t } from '../../i18n/files/translate.ts';
import { t as library } from '../../i18n/library/translate.ts';
import { t as sharing } from '../../i18n/sharing/translate.ts';
import { type FileItem, fileItem, fileState } from '../../state/files.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { duplicate, favourite, mayCopy, mayDuplicate, template } from './labelling.ts';
import type { Look } from './look.ts';
import { keep, mayRename, restore, trash } from './operations.ts';
import type { Place } from './place.ts';
import { downloadEntries } from './zip/download.ts';

/** A question that stands over the page. */
export type Asking =
  | { kind: 'none' }
  | { kind: 'folder'; sealed: boolean }
  | { kind: 'move'; ids: string[] }
  | { kind: 'tags'; ids: string[] }
  | { kind: 'purge'; ids: string[] };

export interface EntryActions {
  readonly asking: Accessor<Asking>;
  ask(next: Asking): void;
  /** Id of the entry whose name is a field now. */
  readonly renaming: Accessor<string | undefined>;
  startRename(id: string): void;
  endRename(): void;
  /** A folder or document is gone to, a file is shown. */
  open(id: string): void;
  /** To the trash; from there, for good after a question. */
  remove(ids: string[]): void;
  download(ids: string[]): void;
  /** What can be done with these. */
  menu(ids: string[]): MenuItem[];
}

/** What a person can do with entries, by whichever way they ask: menu, key, bar. */
export function createActions(place: Place, look: Look): EntryActions {
  const [asking, ask] = createSignal<Asking>({ kind: 'none' });
  const [renaming, setRenaming] = createSignal<string>();
  const actions: EntryActions = {
    asking,
    ask,
    renaming,
    startRename(id) {
      const item = fileItem(id);
      if (item && !isReader() && mayRename(item)) setRenaming(id);
    },
    endRename: () => setRenaming(undefined),
    open(id) {
      const item = fileItem(id);
      if (item?.type === 'folder' && !place.inTrash()) {
        look.setWords('');
        look.setFilter({ kind: 'none' });
        place.enter(id);
      } else if (item && isDocument(item)) place.openDocument(id);
      else if (item && item.type !== 'folder') place.show(id);
    },
    remove(ids) {
      if (isReader()) return;
      if (place.inTrash()) ask({ kind: 'purge', ids });
      else void trash(ids);
    },
    download: (ids) => void downloadEntries(itemsOf(ids)),
    // As it is when it opens: a menu that changes under the finger loses the focus.
    menu: (ids) =>
      untrack(() => (place.inTrash() ? trashMenu(ids, actions) : entryMenu(ids, actions, { look, place }))),
  };
  return actions;
}

function itemsOf(ids: string[]): FileItem[] {
  return ids.map((id) => fileItem(id)).filter((item) => item !== undefined);
}

function entryMenu(
  ids: string[],
  actions: EntryActions,
  { look, place }: { look: Look; place: Place },
): MenuItem[] {
  const [first] = itemsOf(ids);
  const one = ids.length === 1 ? first : undefined;
  const readable = itemsOf(ids).filter(({ locked }) => !locked);
  const items: MenuItem[] = [];
  if (one) items.push({ label: t('files.open'), icon: Eye, run: () => actions.open(one.id) });
  const writes = !isReader();
  if (writes && one && isDocument(one) && !one.owner)
    items.push({ label: sharing('share.menu'), icon: Share, run: () => place.shareDocument(one.id) });
  if (readable.length > 0)
    items.push({ label: t('files.download'), icon: Download, run: () => actions.download(ids) });
  if (writes && one && (one.type !== 'text' || !one.owner) && !one.locked)
    items.push({ label: t('files.rename'), icon: Pencil, run: () => actions.startRename(one.id) });
  if (writes) {
    items.push({ label: t('files.move'), icon: FolderInput, run: () => actions.ask({ kind: 'move', ids }) });
    items.push(...labelItems(ids, actions), ...keepItem(ids));
  }
  if (look.page === 'files')
    items.push({ label: t('files.details'), icon: Info, run: () => look.setDetails(true) });
  if (writes)
    items.push({ label: t('files.trash'), icon: Trash, danger: true, run: () => actions.remove(ids) });
  return items;
}

/** What people hang on entries to find them again, and what is made of documents. */
function labelItems(ids: string[], actions: EntryActions): MenuItem[] {
  const items = itemsOf(ids);
  const starred = items.every((item) => item.favourite !== undefined);
  const menu: MenuItem[] = [
    {
      label: library(starred ? 'library.unfavourite' : 'library.favourite'),
      icon: starred ? StarOff : Star,
      run: () => void favourite(ids, !starred),
    },
  ];
  if (items.some(({ sealed }) => sealed === undefined))
    menu.push({ label: library('library.tags'), icon: Tags, run: () => actions.ask({ kind: 'tags', ids }) });
  if (items.every(mayDuplicate))
    menu.push({ label: library('library.duplicate'), icon: CopyPlus, run: () => void duplicate(ids) });
  const templates = items.every((item) => item.template !== undefined);
  if (items.every(mayCopy))
    menu.push({
      label: library(templates ? 'library.untemplate' : 'library.template'),
      icon: LayoutTemplate,
      run: () => void template(ids, !templates),
    });
  return menu;
}

/** What opens on its own page. */
function isDocument({ type }: FileItem): boolean {
  return isDocumentType(type);
}

function keepItem(ids: string[]): MenuItem[] {
  const items = itemsOf(ids).filter((item) => !isDocument(item));
  if (items.length === 0) return [];
  const all = items.every((item) => fileState(item).kept);
  const wanted = items.map(({ id }) => id);
  return [
    {
      label: t(all ? 'files.unkeep' : 'files.keep'),
      icon: all ? PinOff : Pin,
      run: () => void keep(wanted, !all),
    },
  ];
}

function trashMenu(ids: string[], actions: EntryActions): MenuItem[] {
  if (isReader()) return [];
  return [
    { label: t('files.restore'), icon: Undo2, run: () => void restore(ids) },
    { label: t('files.purge'), icon: Trash, danger: true, run: () => actions.ask({ kind: 'purge', ids }) },
  ];
}
