import type * as Y from 'yjs';
import { type Place, resolvePlaces } from '../../../shared/sync/places.ts';
import type { DocumentRow } from '../store/database.ts';
import { type IndexEntry, entriesOf, readEntry } from './index-entries.ts';

/** The tree of an index in memory: right in the moment of a change. */
export interface LiveTree {
  /** All entries by id, with their resolved place. Another map after a change; rows that stayed equal stay the same. */
  rows(): ReadonlyMap<string, DocumentRow>;
  /** Hears that something changed, after the change. Returns its end. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export function createLiveTree(doc: Y.Doc): LiveTree {
  const documents = entriesOf(doc);
  const entries = new Map<string, IndexEntry>();
  const changed = new Set<string>(documents.keys());
  const listeners = new Set<() => void>();
  let rows = new Map<string, DocumentRow>();

  const refresh = (): void => {
    for (const id of changed) {
      const entry = readEntry(doc, id);
      if (entry === undefined) entries.delete(id);
      else entries.set(id, entry);
    }
    const places = resolvePlaces(entries);
    const next = new Map<string, DocumentRow>();
    for (const [id, entry] of entries) {
      const before = rows.get(id);
      const place = places.get(id) ?? { parent: '', trashed: false };
      const keeps = before !== undefined && !changed.has(id) && isAt(before, place);
      next.set(id, keeps ? before : sameOr(before, entryToRow(entry, place)));
    }
    changed.clear();
    rows = next;
  };
  const onEvents = (events: Y.YEvent<Y.Map<unknown>>[]): void => {
    for (const event of events) {
      const [id] = event.path;
      if (typeof id === 'string') changed.add(id);
      else for (const key of event.keys.keys()) changed.add(key);
    }
    for (const listener of [...listeners]) listener();
  };
  const observed = onEvents as Parameters<typeof documents.observeDeep>[0];
  documents.observeDeep(observed);
  return {
    rows() {
      if (changed.size > 0) refresh();
      return rows;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => documents.unobserveDeep(observed),
  };
}

/** The older of two rows that say the same. */
export function sameOr(before: DocumentRow | undefined, row: DocumentRow): DocumentRow {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(row) ? before : row;
}

function isAt(row: DocumentRow, { parent, trashed }: Place): boolean {
  return row.parent === parent && (row.trashed === 1) === trashed;
}

function entryToRow(entry: IndexEntry, { parent, trashed }: Place): DocumentRow {
  const { schema: _schema, moved: _moved, trashed: trashedAt, ...rest } = entry;
  return { ...rest, parent, trashed: trashed ? 1 : 0, trashedAt };
}
