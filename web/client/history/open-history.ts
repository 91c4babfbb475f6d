import * as Y from 'yjs';
import { isBase } from '../../../shared/sync/history.ts';
import { isGuestAuthor, isTold } from '../../../shared/sync/row.ts';
import type { Documents } from '../documents/documents.ts';
import { FROM_HISTORY } from '../documents/origins.ts';
import type { Database } from '../store/database.ts';
import { type ReadRow, readRows } from './history-rows.ts';
import { restoreUpdate } from './restore.ts';
import { type Change, openTimeline, type Timeline } from './timeline.ts';

/** The history of a document, as far as this device has it. */
export interface History {
  readonly timeline: Timeline;
  readonly rows: readonly ReadRow[];
  close(): void;
}

export interface HistoryParts {
  readonly db: Database;
  readonly documents: Pick<Documents, 'snapshot' | 'open'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Reads rows, what was noted here and is in none of them, and the document as it is: in this order. Asks nobody.
 * Rejects when IndexedDB cannot be read.
 */
export async function openHistory(id: string, { db, documents, now }: HistoryParts): Promise<History> {
  const rows = await readRows(db, id);
  const signed = rowsToChanges(id, rows);
  const moments = await db.moments.where('doc').equals(id).sortBy('at');
  const noted = moments.map(({ at, update }): Change => ({ update, author: '', at, kind: 'noted' }));
  const { doc } = await documents.snapshot(id);
  const rest: Change = { update: Y.encodeStateAsUpdate(doc), author: '', at: now(), kind: 'noted' };
  doc.destroy();
  const timeline = await openTimeline([...signed, ...noted, rest], pause);
  // What rows of the relay say as well is not noted twice.
  const idle = new Set(timeline.idle);
  const said = moments.filter((_, i) => idle.has(signed.length + i));
  await db.moments.bulkDelete(said.flatMap((moment) => (moment.id === undefined ? [] : [moment.id])));
  return { timeline, rows, close: () => timeline.close() };
}

/** What stands for forgotten rows comes first: the others build on it (SPEC S14). */
export function rowsToChanges(doc: string, rows: readonly ReadRow[]): Change[] {
  const bases: Change[] = [];
  const changes: Change[] = [];
  for (const { at } of rows) {
    if (!at) continue;
    const { device: author, time } = at.batch;
    const kind = isGuestAuthor(author) ? 'vouched' : 'signed';
    for (const row of at.batch.rows) {
      if (row.doc !== doc || !isTold(row)) continue;
      if (isBase(at.batch)) bases.push({ update: row.update, author, at: time, kind: 'base' });
      else changes.push({ update: row.update, author, at: time, kind });
    }
  }
  return [...bases, ...changes];
}

/**
 * Brings back what the document was behind the first `count` steps; resolves when it is saved on this device.
 * @returns what takes it back
 */
export async function restoreDocumentTo(
  id: string,
  { timeline }: Pick<History, 'timeline'>,
  { count, documents }: { count: number; documents: Pick<Documents, 'open'> },
): Promise<() => Promise<void>> {
  const { update, undo } = restoreUpdate(timeline, count);
  const apply = async (change: Uint8Array): Promise<void> => {
    const open = await documents.open(id);
    try {
      Y.applyUpdate(open.doc, change, FROM_HISTORY);
      await open.whenSaved();
    } finally {
      await open.close();
    }
  };
  await apply(update);
  return () => apply(undo);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
