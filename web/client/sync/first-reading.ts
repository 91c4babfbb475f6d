import * as v from 'valibot';
import type * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import { type LogHead, logHeadSchema, routes } from '../../../shared/routes.ts';
import { type HistoryPage, parseHistoryPage } from '../../../shared/sync/history.ts';
import { type Batch, isTold, type Row } from '../../../shared/sync/row.ts';
import { INDEX_ID, isDocumentId } from '../documents/document-id.ts';
import { readEntries } from '../documents/index-entries.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import type { SyncDocuments } from './sync-documents.ts';

export interface FirstReadingParts {
  readonly db: Database;
  readonly documents: Pick<SyncDocuments, 'index' | 'receive'>;
  readonly api: Pick<RelayApi, 'get' | 'download'>;
  /** Throws unless all of them are by who may write. */
  readonly verify: (batches: readonly Batch[]) => Promise<void>;
  /** The log has so many rows. */
  readonly onLength: (rows: number) => void;
  readonly isClosed: () => boolean;
}

/** Row of `cursors` that is there until a device has seen the end of a log once, also when that takes several lives. */
export const firstReading = 'first';

/** How far the index was read, and which documents were. */
const placeSchema = v.object({
  log: v.fallback(v.string(), ''),
  after: v.fallback(v.number(), 0),
  listed: v.fallback(v.boolean(), false),
  read: v.fallback(v.array(v.string()), []),
});
type Place = v.InferOutput<typeof placeSchema>;

/** A log of fewer rows is simply read. */
const shortLog = 500;
/** Documents that come before the others: those that were edited last. */
const mostRecent = 20;
const fetchedAtOnce = 4;

/** Whether an earlier life has begun: then the index here has what the relay has, and what only this device has was noted before. */
export async function hasBegun(db: Database): Promise<boolean> {
  return (await db.cursors.get(firstReading))?.['log'] !== undefined;
}

/** How long the relay's log is; undefined when it does not say. @throws RelayUnreachable */
export async function askLogHead(api: Pick<RelayApi, 'get'>): Promise<LogHead | undefined> {
  return api.get(routes.documents, logHeadSchema).catch((error: unknown) => {
    // A relay of an earlier version; or one that this device may not ask.
    if (error instanceof IsletError) return undefined;
    throw error;
  });
}

/** What a device needs before the long log of a relay was read for the first time (SPEC S18). The rows come again with the log. */
export interface FirstReading {
  /** Reads the index and the latest documents; what breaks off goes on in the next life. @throws RelayUnreachable, IsletError */
  before(): Promise<void>;
  /** Reads documents that somebody has opened since, while the log is being read. @throws RelayUnreachable, IsletError */
  opened(): Promise<void>;
}

/** Does nothing on a device that has read a log before. */
export async function openFirstReading(parts: FirstReadingParts): Promise<FirstReading> {
  const { db, documents, api, onLength, isClosed } = parts;
  let place: Place | undefined;
  const seen = new Set(await dirtyDocuments(db));
  const isFirst = async (): Promise<boolean> => (await db.cursors.get(firstReading)) !== undefined;
  const take = (rows: Row[], next: Place): Promise<void> => {
    place = next;
    return documents.receive(rows, { space: firstReading, ...next });
  };

  async function readIndex(log: string): Promise<void> {
    const stored = v.parse(placeSchema, (await db.cursors.get(firstReading)) ?? {});
    place = stored.log === log ? stored : { log, after: 0, listed: false, read: [] };
    while (!place.listed && !isClosed()) {
      const page = await readPage(parts, INDEX_ID, place.after);
      if (page?.log !== log) return;
      await take(page.rows, { ...place, after: page.after ?? place.after, listed: !page.more });
    }
  }

  async function readRecent(): Promise<void> {
    const recent = listRecent(documents.index.doc).filter((id) => !place?.read.includes(id));
    while (place?.listed && recent.length > 0 && !isClosed()) {
      const ids = recent.splice(0, fetchedAtOnce);
      const rows = await Promise.all(ids.map((id) => readDocument(parts, id)));
      await take(rows.flat(), { ...place, read: [...place.read, ...ids] });
    }
  }

  return {
    before: async () => {
      if (!(await isFirst())) return;
      const head = await askLogHead(api);
      if (!head || head.seq < shortLog) return;
      onLength(head.seq);
      await readIndex(head.log);
      await readRecent();
    },
    // Whatever is opened is marked as one that may be edited.
    opened: async () => {
      if (!place || !(await isFirst())) return;
      for (const id of (await dirtyDocuments(db)).filter((doc) => doc !== INDEX_ID && !seen.has(doc))) {
        seen.add(id);
        if (!place.read.includes(id))
          await take(await readDocument(parts, id), { ...place, read: [...place.read, id] });
      }
    },
  };
}

function dirtyDocuments(db: Database): Promise<string[]> {
  return db.sync.where('dirty').equals(1).primaryKeys();
}

/** All rows of a document that the relay's log has; none when the relay does not say. @throws RelayUnreachable, IsletError */
export async function readDocument(parts: PageParts, id: string): Promise<Row[]> {
  const rows: Row[] = [];
  let after = 0;
  for (;;) {
    const page = await readPage(parts, id, after);
    rows.push(...(page?.rows ?? []));
    if (!page?.more || page.after === undefined) return rows;
    after = page.after;
  }
}

export interface PageParts {
  readonly api: Pick<RelayApi, 'download'>;
  /** Throws unless all of them are by who may write. */
  readonly verify: (batches: readonly Batch[]) => Promise<void>;
}

interface Page extends Pick<HistoryPage, 'log' | 'more'> {
  readonly rows: Row[];
  /** Behind the last batch; undefined when there was none. */
  readonly after: number | undefined;
}

async function readPage({ api, verify }: PageParts, id: string, after: number): Promise<Page | undefined> {
  const blob = await api.download(`${routes.documents}${segment(id)}/rows?after=${after}`);
  if (blob === undefined) return undefined;
  const { log, more, batches } = parseHistoryPage(new Uint8Array(await blob.arrayBuffer()));
  await verify(batches.map(({ batch }) => batch));
  const rows = batches.flatMap(({ batch }) => batch.rows.filter((row) => row.doc === id && isTold(row)));
  return { log, more, rows, after: batches.at(-1)?.seq };
}

const withoutDocument: readonly string[] = ['file', 'folder', 'sealed'];

/** Ids of entries that open as a document, without what is in the trash. */
export function listDocuments(index: Y.Doc): { id: string; edited: number; trashed?: number | undefined }[] {
  return readEntries(index).filter(({ type }) => !withoutDocument.includes(type));
}

function listRecent(index: Y.Doc): string[] {
  return listDocuments(index)
    .filter(({ id, trashed }) => trashed === undefined && isDocumentId(id))
    .sort((a, b) => b.edited - a.edited)
    .slice(0, mostRecent)
    .map(({ id }) => id);
}
