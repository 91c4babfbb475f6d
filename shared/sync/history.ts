import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import type { StoredBatch } from './frame.ts';
import { assertTold, type Batch, readBatch, writeBatch } from './row.ts';

/** Most bytes of one page, about; a single batch may be larger. */
export const historyPageBytes = 1024 * 1024;
/** What is younger than this is not forgotten, in milliseconds (SPEC S14). */
export const shortestHistory = 30 * 86_400_000;

/** A batch with its place in the log, and the chain hash before it: whether it fits can be told without the rest of the log. */
export interface HistoryBatch extends StoredBatch {
  readonly previous: string;
  /** When the relay stored it, milliseconds by its clock. */
  readonly received: number;
}

/** SPEC S12: rows of one document, oldest first. */
export interface HistoryPage {
  /** Names the log, as in a cursor. */
  readonly log: string;
  readonly batches: readonly HistoryBatch[];
  /** There is more behind the last one. */
  readonly more: boolean;
}

export function writeHistoryBatch(encoder: encoding.Encoder, at: HistoryBatch): void {
  writeBatch(encoder, at.batch);
  encoding.writeVarUint(encoder, at.seq);
  encoding.writeVarString(encoder, at.chain);
  encoding.writeVarString(encoder, at.previous);
  encoding.writeVarUint(encoder, at.received);
}

export function readHistoryBatch(decoder: decoding.Decoder): HistoryBatch {
  return {
    batch: readBatch(decoder),
    seq: decoding.readVarUint(decoder),
    chain: decoding.readVarString(decoder),
    previous: decoding.readVarString(decoder),
    received: decoding.readVarUint(decoder),
  };
}

export function formatHistoryPage({ log, batches, more }: HistoryPage): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, log);
  encoding.writeUint8(encoder, more ? 1 : 0);
  encoding.writeVarUint(encoder, batches.length);
  for (const batch of batches) writeHistoryBatch(encoder, batch);
  return copyBytes(encoding.toUint8Array(encoder));
}

/** @throws IsletError E-FRAME-INVALID, E-ROW-INVALID */
export function parseHistoryPage(bytes: Uint8Array): HistoryPage {
  return parseWhole(bytes, (decoder) => {
    const log = decoding.readVarString(decoder);
    const more = decoding.readUint8(decoder) === 1;
    const count = decoding.readVarUint(decoder);
    const batches: HistoryBatch[] = [];
    for (let i = 0; i < count; i++) batches.push(readHistoryBatch(decoder));
    return { log, more, batches };
  });
}

/** One stored row of a history. @throws IsletError E-FRAME-INVALID, E-ROW-INVALID */
export function parseHistoryBatch(bytes: Uint8Array): HistoryBatch {
  return parseWhole(bytes, readHistoryBatch);
}

export function formatHistoryBatch(batch: HistoryBatch): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  writeHistoryBatch(encoder, batch);
  return copyBytes(encoding.toUint8Array(encoder));
}

/** SPEC S14: a batch with one row, all that a document was up to a moment, takes the place of the rows before it. */
export interface Forgetting {
  /** Rows up to this number of the log are forgotten. */
  readonly until: number;
  readonly base: Batch;
}

/** How the session of such a batch begins. */
export const baseSession = 'history-base-';

/** True for a batch that stands for rows that were forgotten (SPEC S14). */
export function isBase({ session }: Pick<Batch, 'session'>): boolean {
  return session.startsWith(baseSession);
}

export function formatForgetting({ until, base }: Forgetting): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, until);
  writeBatch(encoder, base);
  return copyBytes(encoding.toUint8Array(encoder));
}

/** @throws IsletError E-FRAME-INVALID, E-ROW-INVALID */
export function parseForgetting(bytes: Uint8Array): Forgetting {
  const parsed = parseWhole(bytes, (decoder) => ({
    until: decoding.readVarUint(decoder),
    base: readBatch(decoder),
  }));
  assertTold([parsed.base]);
  return parsed;
}

function parseWhole<T>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => T): T {
  const decoder = decoding.createDecoder(copyBytes(bytes));
  let parsed: T;
  try {
    parsed = read(decoder);
  } catch (error) {
    if (error instanceof IsletError) throw error;
    throw new IsletError('E-FRAME-INVALID', 'the rows are cut off or malformed');
  }
  if (decoding.hasContent(decoder)) throw new IsletError('E-FRAME-INVALID', 'bytes behind the end');
  return parsed;
}
