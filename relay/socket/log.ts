import { setImmediate as immediate } from 'node:timers/promises';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Cursor, StoredBatch } from '../../shared/sync/frame.ts';
import { type Batch, emptyChain, nextChain, readBatch, writeBatch } from '../../shared/sync/row.ts';
import type { Database, Executor } from '../store/database.ts';
import { documentsOf, insertRoomRows } from '../store/room-rows.ts';
import {
  findLastCounter,
  findSyncChain,
  findSyncHead,
  insertBatches,
  listBatches,
  type LogPosition,
} from '../store/sync-log.ts';
import type { SyncBatchRow } from '../store/tables.ts';

export interface SyncLogParts<Ticket> {
  readonly db: Database;
  readonly idTag: IdTag;
  /** Name of this log (SPEC S4). */
  readonly logId: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called in the order of the log, as soon as the batches are on the disk. */
  readonly stored: (batches: readonly { stored: StoredBatch; ticket: Ticket }[]) => void;
}

/** The append-only log of one space. Whoever appends while a commit runs shares the next one. */
export interface SyncLog<Ticket> {
  open(): Promise<void>;
  /** The position behind the last durable row. */
  head(): LogPosition;
  /** SPEC S4: whether the cursor stands in this log. */
  has(cursor: Cursor): Promise<boolean>;
  /** Highest durable counter of a session, once everything that was handed in is settled; -1 for none. */
  acked(device: string, session: string): Promise<number>;
  /**
   * Durable when it returns; the same batch again is fine (SPEC S10). @returns highest durable counter of its session
   * @throws IsletError E-ROW-INVALID (a gap), E-SYS-UNAVAIL (the disk)
   */
  append(batch: Batch, ticket: Ticket): Promise<number>;
  read(after: number): Promise<StoredBatch[]>;
}

interface Waiting<Ticket> {
  readonly batch: Batch;
  readonly ticket: Ticket;
  readonly done: PromiseWithResolvers<number>;
}

const pageSize = 32;

export function createSyncLog<Ticket>(parts: SyncLogParts<Ticket>): SyncLog<Ticket> {
  const { db, idTag, logId, stored } = parts;
  let head: LogPosition = { seq: 0, chain: emptyChain };
  let queue: Waiting<Ticket>[] = [];
  let running: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      // A commit holds up everything: what is to be passed on before it leaves first.
      await immediate();
      const group = queue;
      queue = [];
      try {
        const plan = await planGroup(group, head, parts);
        await db.transaction().execute((trx) => write(trx, idTag, plan));
        head = plan.head;
        stored(plan.entries);
        plan.settle();
      } catch (error) {
        const unavailable = new IsletError('E-SYS-UNAVAIL', 'the relay could not store this now', error);
        for (const { done } of group) done.reject(unavailable);
      }
    }
    running = undefined;
  };

  return {
    async open() {
      head = (await findSyncHead(db, idTag)) ?? head;
    },
    head: () => head,
    async has({ log, seq, chain }) {
      if (log !== logId) return seq === 0 && chain === emptyChain && log === '';
      return seq === 0 ? chain === emptyChain : (await findSyncChain(db, idTag, seq)) === chain;
    },
    async acked(device, session) {
      while (running) await running;
      return findLastCounter(db, idTag, device, session);
    },
    append(batch, ticket) {
      const done = Promise.withResolvers<number>();
      queue.push({ batch, ticket, done });
      running ??= flush();
      return done.promise;
    },
    async read(after) {
      return (await listBatches(db, idTag, after, pageSize)).map(decodeRow);
    },
  };
}

interface Plan<Ticket> {
  readonly rows: SyncBatchRow[];
  readonly entries: { stored: StoredBatch; ticket: Ticket }[];
  readonly head: LogPosition;
  settle(): void;
}

/** The batches, and for each which documents it has rows of. */
async function write<Ticket>(trx: Executor, idTag: IdTag, { rows, entries }: Plan<Ticket>): Promise<void> {
  await insertBatches(trx, rows);
  await insertRoomRows(
    trx,
    idTag,
    entries.flatMap(({ stored: { batch, seq } }) => documentsOf(batch).map((doc) => ({ doc, seq }))),
  );
}

/** Gives numbers and chain hashes; leaves out what is stored already and refuses what leaves a gap. */
async function planGroup<Ticket>(
  group: readonly Waiting<Ticket>[],
  start: LogPosition,
  { db, idTag, now }: SyncLogParts<Ticket>,
): Promise<Plan<Ticket>> {
  const counters = new Map<string, number>();
  const plan: Omit<Plan<Ticket>, 'head' | 'settle'> = { rows: [], entries: [] };
  const outcomes: (() => void)[] = [];
  let head = start;
  for (const { batch, ticket, done } of group) {
    const name = `${batch.device} ${batch.session}`;
    const known = counters.get(name) ?? (await findLastCounter(db, idTag, batch.device, batch.session));
    const last = batch.first + batch.rows.length - 1;
    const verdict = place(batch.first, last, known);
    counters.set(name, verdict === 'new' ? last : known);
    if (verdict === 'new') {
      head = { seq: head.seq + batch.rows.length, chain: await nextChain(head.chain, idTag, batch) };
      plan.rows.push(encodeRow(batch, { ...head, idTag, last, now: now() }));
      plan.entries.push({ stored: { batch, ...head }, ticket });
    }
    const gap = new IsletError(
      'E-ROW-INVALID',
      `the rows of this session go on at ${known + 1}`,
      batch.first,
    );
    outcomes.push(verdict === 'gap' ? () => done.reject(gap) : () => done.resolve(Math.max(last, known)));
  }
  return { ...plan, head, settle: () => outcomes.forEach((settle) => settle()) };
}

/** SPEC S2, S10. Part of a batch alone cannot be stored: it was signed as a whole. */
function place(first: number, last: number, known: number): 'new' | 'known' | 'gap' {
  if (last <= known) return 'known';
  return first === known + 1 ? 'new' : 'gap';
}

function encodeRow(
  batch: Batch,
  at: LogPosition & { idTag: IdTag; last: number; now: number },
): SyncBatchRow {
  const { device, session, first } = batch;
  return {
    id_tag: at.idTag,
    seq: at.seq,
    chain: at.chain,
    device,
    session,
    first,
    last: at.last,
    batch: encodeBatch(batch),
    received_at: at.now,
  };
}

function decodeRow({ seq, chain, batch }: SyncBatchRow): StoredBatch {
  return { batch: decodeBatch(batch), seq, chain };
}

/** A batch as the store keeps it. */
export function encodeBatch(batch: Batch): Uint8Array {
  const encoder = encoding.createEncoder();
  writeBatch(encoder, batch);
  return encoding.toUint8Array(encoder);
}

/** A batch as the store has it. @throws IsletError E-ROW-INVALID */
export function decodeBatch(bytes: Uint8Array): Batch {
  return readBatch(decoding.createDecoder(new Uint8Array(bytes)));
}
