import * as v from 'valibot';
import * as Y from 'yjs';
import type { Database, DocumentRow } from '../store/database.ts';

/** Version of the document schema that this build writes; a document of a greater one is shown, not edited. */
export const SCHEMA = 1;

/** One document in the index of a space. Times are milliseconds since 1970. */
export interface IndexEntry {
  id: string;
  title: string;
  excerpt: string;
  type: string;
  schema: number;
  created: number;
  edited: number;
  trashed?: number;
}

/** What is set when a document enters the index. */
export type NewEntry = Pick<IndexEntry, 'id' | 'title' | 'excerpt'>;

const text = v.fallback(v.string(), '');
const time = v.fallback(v.number(), 0);
const entryShape = v.object({
  title: text,
  excerpt: text,
  type: v.fallback(v.string(), 'text'),
  schema: v.fallback(v.number(), SCHEMA),
  created: time,
  edited: time,
  trashed: v.fallback(v.optional(v.number()), undefined),
});

/** The documents map of an index: id → entry. */
function documentsOf(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
  return doc.getMap<Y.Map<unknown>>('documents');
}

/** One entry; fields that another device left out or filled wrongly get a default. */
export function readEntry(doc: Y.Doc, id: string): IndexEntry | undefined {
  const map = documentsOf(doc).get(id);
  if (!(map instanceof Y.Map)) return undefined;
  const { trashed, ...entry } = v.parse(entryShape, map.toJSON());
  const edited = Math.max(entry.edited, entry.created);
  return trashed === undefined ? { id, ...entry, edited } : { id, ...entry, edited, trashed };
}

export function readEntries(doc: Y.Doc): IndexEntry[] {
  return [...documentsOf(doc).keys()].map((id) => readEntry(doc, id)).filter((entry) => entry !== undefined);
}

/** Enters documents that are not in the index yet; one transaction, so one row for sync. */
export function enterDocuments(doc: Y.Doc, entries: NewEntry[], now: number): void {
  doc.transact(() => {
    const documents = documentsOf(doc);
    for (const { id, title, excerpt } of entries) {
      if (documents.has(id)) continue;
      const fields = { title, excerpt, type: 'text', schema: SCHEMA, created: now, edited: now };
      documents.set(id, new Y.Map<unknown>(Object.entries(fields)));
    }
  });
}

/** Sets the given fields of an entry, and only those that differ. Does nothing for an unknown id. */
export function updateEntry(
  doc: Y.Doc,
  id: string,
  fields: Partial<Omit<IndexEntry, 'id' | 'trashed'>> & { trashed?: number | undefined },
): void {
  const map = documentsOf(doc).get(id);
  if (!(map instanceof Y.Map)) return;
  doc.transact(() => {
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) map.delete(name);
      else if (map.get(name) !== value) map.set(name, value);
    }
  });
}

/** Keeps the Dexie table `documents` equal to the index. */
export interface Projection {
  /** Resolves when what is in the index now is in the table; rejects when Dexie cannot store it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Follows an index and writes what changed in one bulk write per change, changes that arrive meanwhile together.
 * `onFailure` hears of a write that failed; it is tried again with the next change.
 */
export function followIndex(db: Database, doc: Y.Doc, onFailure: (error: unknown) => void): Projection {
  const changed = new Set<string>();
  let running: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    // Yjs announces a change inside the edit; the write starts after it.
    await Promise.resolve();
    while (changed.size > 0) {
      const ids = [...changed];
      changed.clear();
      try {
        await project(db, doc, ids);
      } catch (error) {
        for (const id of ids) changed.add(id);
        throw error;
      }
    }
  };
  const start = (): Promise<void> => {
    running ??= write().finally(() => (running = undefined));
    return running;
  };
  const onChange = (events: Y.YEvent<Y.Map<unknown>>[]): void => {
    for (const event of events) {
      const [id] = event.path;
      if (typeof id === 'string') changed.add(id);
      else for (const key of event.keys.keys()) changed.add(key);
    }
    start().catch(onFailure);
  };
  const documents = documentsOf(doc);
  for (const id of documents.keys()) changed.add(id);
  documents.observeDeep(onChange as Parameters<typeof documents.observeDeep>[0]);
  start().catch(onFailure);
  return {
    settled: async () => {
      if (running !== undefined || changed.size > 0) await start();
    },
    async close() {
      documents.unobserveDeep(onChange as Parameters<typeof documents.observeDeep>[0]);
      await running?.catch(onFailure);
    },
  };
}

async function project(db: Database, doc: Y.Doc, ids: string[]): Promise<void> {
  const rows: DocumentRow[] = [];
  const gone: string[] = [];
  for (const id of ids) {
    const entry = readEntry(doc, id);
    if (entry === undefined) gone.push(id);
    else rows.push(entryToRow(entry));
  }
  await db.transaction('rw', db.documents, async () => {
    if (rows.length > 0) await db.documents.bulkPut(rows);
    if (gone.length > 0) await db.documents.bulkDelete(gone);
  });
}

function entryToRow(entry: IndexEntry): DocumentRow {
  const { id, title, excerpt, type, created, edited, trashed } = entry;
  return { id, title, excerpt, type, created, edited, trashed: trashed === undefined ? 0 : 1 };
}
