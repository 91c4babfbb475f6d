import { type Accessor, createMemo } from 'solid-js';
import { filterEntries, kindOf, sortEntries } from '../../client/documents/find-entries.ts';
import { locale } from '../../i18n/translate.ts';
import { type FileItem, fileItem, fileItems } from '../../state/files.ts';
import type { Filter, Look } from './look.ts';
import type { Place } from './place.ts';

export interface Listing {
  /** What is shown, in its order. */
  readonly items: Accessor<FileItem[]>;
  readonly ids: Accessor<string[]>;
  /** True while words are searched for: then entries of all folders are shown. */
  readonly searching: Accessor<boolean>;
  /** Everything of this place, whatever filter is on. */
  readonly count: Accessor<number>;
}

/** The entries that a place shows, sorted once and filtered at each key. */
export function createListing(
  place: Place,
  look: Look,
  only: (item: FileItem) => boolean = () => true,
): Listing {
  const searching = () => (look.words().trim() !== '' || look.filter().kind !== 'none') && !place.inTrash();
  const inPlace = createMemo(() => {
    if (place.inTrash()) return fileItems().filter(isTopOfTrash);
    const fits = filterBy(look.filter());
    const present = fileItems().filter((item) => item.trashed === 0 && only(item) && fits(item));
    if (searching()) return present;
    if (look.view() === 'gallery') return visualsBelow(present, place.folderId());
    return present.filter(({ parent }) => parent === place.folderId());
  });
  const sorted = createMemo(() =>
    place.inTrash()
      ? inPlace().toSorted((a, b) => (b.trashedAt ?? 0) - (a.trashedAt ?? 0))
      : sortEntries(inPlace(), { ...look.sort(), locale: locale() }),
  );
  const items = createMemo(() => {
    const kind = look.kind();
    const wanted = kind === 'all' || look.view() === 'gallery' ? {} : { kind };
    return filterEntries(sorted(), { words: look.words(), ...wanted });
  });
  return {
    items,
    ids: createMemo(() => items().map(({ id }) => id)),
    searching,
    count: () => inPlace().length,
  };
}

/** Whether an entry is what a list is narrowed to. */
function filterBy(filter: Filter): (item: FileItem) => boolean {
  if (filter.kind === 'favourites') return ({ favourite }) => favourite !== undefined;
  if (filter.kind === 'templates') return ({ template }) => template !== undefined;
  if (filter.kind === 'tag') return ({ tags }) => tags?.includes(filter.tag) ?? false;
  return () => true;
}

/** Pictures and videos are looked at; the rest is read or heard. */
export function isVisual(item: FileItem): boolean {
  const kind = kindOf(item);
  return kind === 'picture' || kind === 'video';
}

/** In the trash by itself, and not only with the folder around it. */
function isTopOfTrash(item: FileItem): boolean {
  return item.trashed === 1 && (item.parent === '' || fileItem(item.parent)?.trashed !== 1);
}

function visualsBelow(items: FileItem[], folder: string): FileItem[] {
  const inside = folder === '' ? undefined : foldersBelow(items, folder);
  return items.filter((item) => isVisual(item) && (inside?.has(item.parent) ?? true));
}

/** Ids of a folder and all folders below it. */
export function foldersBelow(items: FileItem[], folder: string): Set<string> {
  const children = Map.groupBy(
    items.filter(({ type }) => type === 'folder'),
    ({ parent }) => parent,
  );
  const found = new Set([folder]);
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child.id);
  return found;
}
