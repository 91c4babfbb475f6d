import * as Y from 'yjs';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type Batch, maxBatchRows, maxRowBytes, type Row, signBatch } from '../../../shared/sync/row.ts';
import type { DeviceKeys } from '../device/key-store.ts';

interface OutgoingOptions {
  space: IdTag;
  keys: Pick<DeviceKeys, 'did' | 'sign'>;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** Rows on their way to the relay over one socket: numbered and signed (SPEC S2, S10). */
export interface Outgoing {
  readonly session: string;
  /** Takes an update; it is sent with the next `take`. @throws Error in words when it is too large for a row */
  add(doc: string, update: Uint8Array): void;
  /** Signs and numbers what waits. */
  take(): Promise<Batch[]>;
  /** Everything up to this number is durable; returns the rows that became so. */
  acknowledge(acked: number): Row[];
  /** The batch of this session that begins at `first`, once; asked for when its place in the log is told. */
  takePlaced(first: number): Batch | undefined;
  /** Documents that have rows waiting or on their way. */
  documents(): Set<string>;
  rows(): number;
}

const batchBytes = 512 * 1024;
/** Merging a long list at once is superlinear. */
const mergeAtOnce = 64;

/** Fewer, larger rows: consecutive small updates of one document become one. */
function mergeWaiting(doc: string, updates: readonly Uint8Array[]): Row[] {
  const parts: Uint8Array[][] = [];
  let size = Infinity;
  for (const update of updates) {
    if (size + update.length > batchBytes || parts.at(-1)!.length === mergeAtOnce) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)!.push(update);
    size += update.length;
  }
  return parts.map((part) => ({ doc, update: part.length === 1 ? part[0]! : Y.mergeUpdates(part) }));
}

function splitRows(rows: readonly Row[]): Row[][] {
  const batches: Row[][] = [];
  let size = Infinity;
  for (const row of rows) {
    if (size + row.update.length > batchBytes || batches.at(-1)!.length >= maxBatchRows) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)!.push(row);
    size += row.update.length;
  }
  return batches;
}

export function createOutgoing({ space, keys, now, random }: OutgoingOptions): Outgoing {
  const session = bytesToBase64url(random(16));
  const waiting = new Map<string, Uint8Array[]>();
  /** Taken and not signed yet: neither waiting nor sent, and not to be forgotten meanwhile. */
  let signing: Row[] = [];
  let sent: Batch[] = [];
  /** By `first`, until the relay tells the place in its log. */
  const unplaced = new Map<number, Batch>();
  let taking: Promise<unknown> = Promise.resolve();
  let next = 0;

  /** Numbers are given before the first pause, so that two calls never give the same. */
  async function sign(rows: readonly Row[]): Promise<Batch> {
    const first = next;
    next += rows.length;
    return signBatch(space, { device: keys.did, session, first, time: now(), rows }, keys.sign);
  }

  async function takeNow(): Promise<Batch[]> {
    signing = [...waiting].flatMap(([doc, updates]) => mergeWaiting(doc, updates));
    waiting.clear();
    const batches = await Promise.all(splitRows(signing).map(sign));
    sent.push(...batches);
    signing = [];
    for (const batch of batches) unplaced.set(batch.first, batch);
    return batches;
  }

  return {
    session,
    add: (doc, update) => {
      if (update.length > maxRowBytes)
        throw new Error('A document has become too large for the relay. It is complete on this device.');
      const list = waiting.get(doc);
      if (list) list.push(update);
      else waiting.set(doc, [update]);
    },
    take: () => {
      const taken = taking.then(takeNow);
      taking = taken.catch(() => undefined);
      return taken;
    },
    acknowledge: (acked) => {
      const done = sent.filter((batch) => batch.first + batch.rows.length - 1 <= acked);
      sent = sent.filter((batch) => !done.includes(batch));
      return done.flatMap((batch) => [...batch.rows]);
    },
    takePlaced: (first) => {
      const batch = unplaced.get(first);
      unplaced.delete(first);
      return batch;
    },
    documents: () => {
      const rows = [...signing, ...sent.flatMap((batch) => batch.rows)];
      return new Set([...waiting.keys(), ...rows.map(({ doc }) => doc)]);
    },
    rows: () =>
      signing.length +
      sent.reduce((sum, { rows }) => sum + rows.length, 0) +
      [...waiting.values()].reduce((sum, updates) => sum + updates.length, 0),
  };
}
