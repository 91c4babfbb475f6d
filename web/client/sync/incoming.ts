import { type DeviceLog, verifyDeviceLog } from '../../../shared/device/device-log.ts';
import { mayWriteSpace } from '../../../shared/device/presets.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import type { Cursor, StoredBatch } from '../../../shared/sync/frame.ts';
import {
  type Batch,
  isGuestAuthor,
  isTold,
  nextChain,
  type Row,
  verifyBatch,
  verifyGuestBatch,
} from '../../../shared/sync/row.ts';

interface IncomingOptions {
  space: IdTag;
  /** The device log as it is pinned here. */
  entries: readonly string[];
  /** Reads the log from the relay, verified and compared with the pinned one. */
  readLog: () => Promise<DeviceLog>;
  /** The keys of the identity as they are known here, and as the relay tells them now. */
  keys: readonly IdentityKey[];
  readKeys: () => Promise<readonly IdentityKey[]>;
  /** Whether a row of the log is to be taken; else all are. */
  takes?: (row: Row, place: { log: string; seq: number }) => boolean;
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
  const { space, entries, readLog, readKeys, takes, receive, applyProvisional } = options;
  const shown = new Map<string, Batch>();
  let cursor = start;
  let log: DeviceLog | undefined;
  let { keys } = options;

  /** What guests wrote is signed by the identity, whose keys change now and then (SPEC Z6). */
  async function verifyGuest(batch: Batch): Promise<void> {
    try {
      await verifyGuestBatch(space, batch, keys);
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      keys = await readKeys();
      await verifyGuestBatch(space, batch, keys);
    }
  }

  /** Rows of a device that was removed since stay what they were: only the key counts. */
  async function verify(batch: Batch): Promise<void> {
    if (isGuestAuthor(batch.device)) return verifyGuest(batch);
    log ??= await verifyDeviceLog(space, entries);
    if (!log.devices.has(batch.device as Did)) log = await readLog();
    const device = log.devices.get(batch.device as Did);
    if (!device)
      throw new IsletError('E-ROW-INVALID', 'rows of a device that is not in the device log', batch.device);
    // A device is never given more than at first (SPEC L11).
    if (!device.grants.some(({ cap }) => mayWriteSpace(cap)))
      throw new IsletError('E-ROW-INVALID', 'rows of a device that may not write documents', batch.device);
    await verifyBatch(space, batch, device.jwk);
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
    stored: async (batches) => {
      const rows: Row[] = [];
      for (const { batch, seq, chain } of batches) {
        if (seq <= cursor.seq) continue;
        await verify(batch);
        if (!(await follow(batch, { seq, chain })))
          throw new IsletError('E-ROW-INVALID', 'the relay left rows out or changed their order', seq);
        cursor = { ...cursor, seq, chain };
        shown.delete(batchKey(batch));
        rows.push(...batch.rows.filter((row) => isTold(row) && (takes?.(row, cursor) ?? true)));
      }
      if (batches.length > 0) await receive(rows, cursor);
      return rows;
    },
    provisional: async (batches) => {
      for (const batch of batches) {
        await verify(batch);
        shown.set(batchKey(batch), batch);
        for (const row of batch.rows) applyProvisional(row);
      }
    },
    committed: async (batch, place, own) => {
      shown.delete(batchKey(batch));
      if (place.seq <= cursor.seq) return true;
      if (!(await follow(batch, place))) return false;
      cursor = { ...cursor, ...place };
      await receive(own ? [] : [...batch.rows], cursor);
      return true;
    },
    find: (device, session, first) => shown.get(batchKey({ device, session, first })),
    takeUncommitted: () => {
      const rows = [...shown.values()].flatMap((batch) => [...batch.rows]);
      shown.clear();
      return rows;
    },
  };
}
