import type { DocumentRow } from '../store/database.ts';
import type { LiveTree } from './live-tree.ts';

/** Looking around in the tree, always as the index is now. The empty id is the top. */
export interface TreeReading {
  get(id: string): DocumentRow | undefined;
  /** What lies in a folder, in no order. What is in the trash is left out, unless the folder is in it. */
  children(folder: string): DocumentRow[];
  /** All that lies below an entry, at any depth, in the trash or not; without the entry. */
  below(id: string): DocumentRow[];
  /** The way from the top to an entry, itself last; empty for the top and for what is not there. */
  path(id: string): DocumentRow[];
  /** What was put in the trash, without what is there only because its folder is. */
  trashed(): DocumentRow[];
  /** Those of the entries that are there and do not lie below another of them, each once. */
  topmost(ids: readonly string[]): DocumentRow[];
  /** The nearest sealed folder at or above an entry. */
  vaultOf(id: string): DocumentRow | undefined;
}

export function createTreeReading(live: LiveTree): TreeReading {
  const get = (id: string): DocumentRow | undefined => live.rows().get(id);
  let inside = new Map<string, DocumentRow[]>();
  let insideOf: unknown;
  const allIn = (folder: string): DocumentRow[] => {
    const rows = live.rows();
    if (insideOf !== rows) {
      inside = Map.groupBy(rows.values(), (row) => row.parent);
      insideOf = rows;
    }
    return inside.get(folder) ?? [];
  };
  const path = (id: string): DocumentRow[] => {
    const way: DocumentRow[] = [];
    for (let row = get(id); row !== undefined; row = get(row.parent)) way.push(row);
    return way.reverse();
  };
  return {
    get,
    path,
    children: (folder) => allIn(folder).filter((row) => row.trashed === 0 || get(folder)?.trashed === 1),
    below(id) {
      if (id === '') return [...live.rows().values()];
      const found = [...allIn(id)];
      // The list grows while it is read.
      for (const row of found) found.push(...allIn(row.id));
      return found;
    },
    trashed: () =>
      [...live.rows().values()].filter(
        (row) => row.trashedAt !== undefined && get(row.parent)?.trashed !== 1,
      ),
    topmost(ids) {
      const wanted = new Set(ids);
      const isTop = (row: DocumentRow): boolean => !path(row.parent).some(({ id }) => wanted.has(id));
      return [...wanted].flatMap((id) => get(id) ?? []).filter(isTop);
    },
    vaultOf: (id) => path(id).findLast(({ vault }) => vault !== undefined),
  };
}
