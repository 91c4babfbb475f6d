import { type Accessor, createMemo, createRoot } from 'solid-js';
import type { DocumentRow } from '../client/store/database.ts';
import { documentList, trashList } from './documents.ts';

/** A document that a text links to, as it is now. `gone`: it is not on this device, because it was deleted or never shared. */
export interface LinkTarget {
  state: 'here' | 'trashed' | 'gone' | 'loading';
  row: DocumentRow | undefined;
}

let byId: Accessor<ReadonlyMap<string, DocumentRow>> | undefined;

/** Every document by its id, those in the trash too: a text may have ten thousand links into a library of ten thousand. */
function rowsById(): ReadonlyMap<string, DocumentRow> {
  byId ??= createRoot(() =>
    createMemo(() => new Map([...trashList(), ...documentList()].map((row) => [row.id, row]))),
  );
  return byId();
}

/** What a link leads to; a signal. */
export function linkTarget(id: string): LinkTarget {
  const row = rowsById().get(id);
  if (row) return { state: row.trashed === 1 ? 'trashed' : 'here', row };
  return { state: rowsById().size > 0 ? 'gone' : 'loading', row };
}

/** Documents whose text links to one, latest edit first; a signal. */
export function linksTo(id: string): DocumentRow[] {
  return documentList().filter((row) => row.id !== id && row.links?.includes(id));
}

/** So many are offered. */
const MOST_OFFERED = 8;

/** Documents whose title fits what was typed, those that begin with it first; without `but` itself. */
export function findTitles(query: string, but: string): DocumentRow[] {
  const wanted = query.trim().toLowerCase();
  const rank = ({ title }: DocumentRow) => {
    const at = title.toLowerCase().indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  return documentList()
    .filter((row) => row.id !== but && row.title.trim() !== '' && rank(row) < 2)
    .sort((a, b) => rank(a) - rank(b) || b.edited - a.edited)
    .slice(0, MOST_OFFERED);
}

let go: ((path: string) => void) | undefined;

/** Says how to get to another page. Returns its end. */
export function provideNavigation(next: (path: string) => void): () => void {
  go = next;
  return () => {
    if (go === next) go = undefined;
  };
}

/** Opens a document that a text links to. */
export function openLinked(id: string): void {
  go?.(`/d/${id}`);
}
