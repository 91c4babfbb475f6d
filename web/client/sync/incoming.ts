import { IsletError } from '../../../shared/errors.ts';
import type { Cursor, StoredBatch } from '../../../shared/sync/frame.ts';
import { type Batch, isTold, nextChain, type Row } from '../../../shared/sync/row.ts';
import { type AuthorSources, createAuthorCheck } from './verify-author.ts';

interface IncomingOptions extends AuthorSources {
  /** Whether a row of the log is to be taken; else all are. */
  takes?: (row: Row, place: { log: string; seq: number }) => boolean;
  /** These have rows that the relay told by their hash alone (SPEC S13); before anything of what it told with them is stored. */
  onWithheld?: ((docs: ReadonlySet<string>) => Promise<void>) | undefined;
  /** Stores rows and cursor together, and applies the rows. */
  receive: (rows: Row[], cursor: Cursor) => Promise<void>;
  /** Shows a row in open documents before its commit. */
  applyProvisional: (row: Row) => void;
}

/** Rows from the relay: verified, shown, and stored with the cursor (SPEC S3–S9). */
export interface Incoming {
  readonly cursor: Cursor;
  /** The relay does not have our place in its log: read it from the beginning. */
  restart(log: string): void;
  /** @throws IsletError unless all of them are by who may write */
  verify(batches: readonly Batch[]): Promise<void>;
  stored(batches: readonly StoredBatch[]): Promise<Row[]>;
  provisional(batches: readonly Batch[]): Promise<void>;
  /** A batch, from others or our own, is in the log; false when it does not follow the cursor. */
  committed(batch: Batch, place: { seq: number; chain: string }, own: boolean): Promise<boolean>;
  find(device: string, session: string, first: number): Batch | undefined;
  /** Rows that were shown and whose commit was not seen: the caller sends them again itself (SPEC S9). */
  takeUncommitted(): Row[];
}

function batchKey({ device, session, first }: Pick<Batch, 'device' | 'session' | 'first'>): string {
  return `${device} ${session} ${first}`;
}

export function createIncoming(options: IncomingOptions, start: Cursor): Incoming {
  const { space, takes, onWithheld, receive, applyProvisional } = options;
  const shown = new Map<string, Batch>();
  const verify = createAuthorCheck(options);
  let cursor = start;

  /** One of each author first, whose keys are looked up then; the browser checks the others side by side. */
  async function verifyAll(batches: readonly Batch[]): Promise<void> {
    const firsts = new Map(batches.toReversed().map((batch) => [batch.device, batch]));
    for (const batch of firsts.values()) await verify(batch);
    await Promise.all(batches.filter((batch) => firsts.get(batch.device) !== batch).map(verify));
  }

  /** The chain is computed here as well: rows that were left out or changed show at once. */
  async function follow(batch: Batch, place: { seq: number; chain: string }): Promise<boolean> {
    if (place.seq !== cursor.seq + batch.rows.length) return false;
    return (await nextChain(cursor.chain, space, batch)) === place.chain;
  }

  return {
    get cursor() {
      return cursor;
    },
    restart: (name) => {
      cursor = { log: name, seq: 0, chain: '' };
      shown.clear();
    },
    verify: verifyAll,
    stored: async (batches) => {
      const rows: Row[] = [];
      const withheld = new Set<string>();
      const ahead = batches.filter(({ seq }) => seq > cursor.seq);
      await verifyAll(ahead.map(({ batch }) => batch));
      for (const { batch, seq, chain } of ahead) {
        if (!(await follow(batch, { seq, chain })))
          throw new IsletError('E-ROW-INVALID', 'the relay left rows out or changed their order', seq);
        cursor = { ...cursor, seq, chain };
        shown.delete(batchKey(batch));
        rows.push(...batch.rows.filter((row) => isTold(row) && (takes?.(row, cursor) ?? true)));
        for (const row of batch.rows) if (!isTold(row)) withheld.add(row.doc);
      }
      if (withheld.size > 0) await onWithheld?.(withheld);
      if (batches.length > 0) await receive(rows, cursor);
      return rows;
    },
    provisional: async (batches) => {
      for (const batch of batches) {
        await verify(batch);
        shown.set(batchKey(batch), batch);
        for (const row of batch.rows) if (isTold(row)) applyProvisional(row);
      }
    },
    committed: async (batch, place, own) => {
      shown.delete(batchKey(batch));
      if (place.seq <= cursor.seq) return true;
      if (!(await follow(batch, place))) return false;
      cursor = { ...cursor, ...place };
      await receive(own ? [] : batch.rows.filter(isTold), cursor);
      return true;
    },
    find: (device, session, first) => shown.get(batchKey({ device, session, first })),
    takeUncommitted: () => {
      const rows = [...shown.values()].flatMap((batch) => batch.rows.filter(isTold));
      shown.clear();
      return rows;
    },
  };
}
