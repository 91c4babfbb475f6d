import { routes } from '../../../shared/routes.ts';
import {
  formatHistoryBatch,
  type HistoryBatch,
  parseHistoryBatch,
  parseHistoryPage,
} from '../../../shared/sync/history.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';

/** A batch of rows of a document as the relay told it: signed, with its place in the log. */
export interface StoredRow {
  doc: string;
  device: string;
  session: string;
  first: number;
  /** By the device's clock, milliseconds. */
  time: number;
  log: string;
  seq: number;
  /** 1: of a log that the relay has no more. */
  old: 0 | 1;
  /** `formatHistoryBatch`. */
  entry: Uint8Array;
}

/** What was written on this device, as it noted itself; goes when rows of the relay have it. */
export interface MomentRow {
  id?: number;
  doc: string;
  /** Milliseconds since 1970. */
  at: number;
  update: Uint8Array;
}

/** A stored row and what is in it; `damaged` when its bytes do not say what its place says. */
export interface ReadRow {
  readonly row: Pick<StoredRow, 'device' | 'time' | 'seq'>;
  readonly at: HistoryBatch | undefined;
}

/**
 * Fetches the rows of a document that this device does not have yet, page by page; what came stays when it breaks off.
 * @returns how many batches came
 * @throws RelayUnreachable, IsletError
 */
export async function fetchRows(db: Database, api: Pick<RelayApi, 'download'>, doc: string): Promise<number> {
  let known = (await db.rows.where('doc').equals(doc).toArray()).filter(({ old }) => old === 0);
  let after = known.reduce((last, { seq }) => Math.max(last, seq), 0);
  let log = known[0]?.log;
  let count = 0;
  for (;;) {
    const blob = await api.download(`${routes.documents}${segment(doc)}/rows?after=${after}`);
    if (!blob) return count;
    const page = parseHistoryPage(new Uint8Array(await blob.arrayBuffer()));
    if (log !== undefined && page.log !== log) {
      // The relay began anew: what it had before stays here, in front of the rest.
      await db.rows.where('doc').equals(doc).modify({ old: 1 });
      [known, after, log] = [[], 0, page.log];
      continue;
    }
    log = page.log;
    await db.rows.bulkPut(page.batches.map((at) => batchToRow(doc, page.log, at)));
    count += page.batches.length;
    after = page.batches.at(-1)?.seq ?? after;
    if (!page.more) return count;
  }
}

function batchToRow(doc: string, log: string, at: HistoryBatch): StoredRow {
  const { device, session, first, time } = at.batch;
  return { doc, device, session, first, time, log, seq: at.seq, old: 0, entry: formatHistoryBatch(at) };
}

/** The rows of a document that are on this device, oldest first; those of a log that is gone before the others. */
export async function readRows(db: Database, doc: string): Promise<ReadRow[]> {
  const rows = await db.rows.where('doc').equals(doc).toArray();
  return rows.sort((a, b) => b.old - a.old || a.seq - b.seq).map((row) => ({ row, at: readEntry(row) }));
}

function readEntry({ device, session, first, time, seq, entry }: StoredRow): HistoryBatch | undefined {
  let at: HistoryBatch;
  try {
    at = parseHistoryBatch(entry);
  } catch {
    return undefined;
  }
  const { batch } = at;
  const fits =
    batch.device === device &&
    batch.session === session &&
    batch.first === first &&
    batch.time === time &&
    at.seq === seq;
  return fits ? at : undefined;
}
