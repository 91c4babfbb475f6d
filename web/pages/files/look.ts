import { createSignal } from 'solid-js';
import type { Kind } from '../../client/documents/find-entries.ts';
import { readStored, writeStored } from '../../state/stored.ts';

export const views = ['list', 'grid', 'gallery'] as const;
export type View = (typeof views)[number];
export const sortKeys = ['name', 'edited', 'size', 'kind'] as const;
export type SortKey = (typeof sortKeys)[number];
export type KindFilter = Kind | 'all';

/** What a list is narrowed to; it then shows entries of all folders. */
export type Filter =
  { kind: 'none' } | { kind: 'favourites' } | { kind: 'templates' } | { kind: 'tag'; tag: string };

const detailsKey = 'islet:files-details';

/** Whether the details have room beside the list; else they are a sheet over it, and closed to begin with. */
export const wide = matchMedia('(min-width: 1100px)');

/** How the list of a page is shown: what is remembered on this device (view, sort, details), and what is not (words, kind, filter). */
export function createLook(page: 'files' | 'home' = 'files') {
  const viewKey = `islet:${page}-view`;
  const sortKey = `islet:${page}-sort`;
  const [filter, setFilter] = createSignal<Filter>({ kind: 'none' });
  const [view, writeView] = createSignal<View>(views.find((name) => name === readStored(viewKey)) ?? 'list');
  const [sort, writeSort] = createSignal(parseSort(readStored(sortKey)));
  const [details, writeDetails] = createSignal(wide.matches && readStored(detailsKey) === '1');
  const [words, setWords] = createSignal('');
  const [kind, setKind] = createSignal<KindFilter>('all');
  return {
    ...{ page, view, sort, details, words, setWords, kind, setKind, filter, setFilter },
    setView(next: View) {
      writeView(next);
      writeStored(viewKey, next);
    },
    /** The same key again turns the order round; times and sizes begin with the largest. */
    setSort(by: SortKey, descending = startsDescending(by)) {
      writeSort({ by, descending });
      writeStored(sortKey, `${by} ${descending ? 'down' : 'up'}`);
    },
    turnSort() {
      this.setSort(sort().by, !sort().descending);
    },
    setDetails(on: boolean) {
      writeDetails(on);
      if (wide.matches) writeStored(detailsKey, on ? '1' : null);
    },
  };
}

export type Look = ReturnType<typeof createLook>;

function startsDescending(by: SortKey): boolean {
  return by === 'edited' || by === 'size';
}

function parseSort(text: string | null): { by: SortKey; descending: boolean } {
  const [name, direction] = (text ?? '').split(' ');
  const by = sortKeys.find((key) => key === name) ?? 'name';
  return { by, descending: direction === 'down' };
}
