import type { DeviceLog, EnrolledDevice } from '../../../shared/device/device-log.ts';
import { mayWriteFolder, mayWriteSpace } from '../../../shared/device/presets.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import type { HistoryBatch } from '../../../shared/sync/history.ts';
import {
  type Batch,
  isGuestAuthor,
  isTold,
  nextChain,
  verifyBatch,
  verifyGuestBatch,
} from '../../../shared/sync/row.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import type { ReadRow } from './history-rows.ts';

/**
 * Why a batch does not hold: its bytes are not what was stored, nobody in the device log signed it, what is in it was changed, it is not at
 * its place in the log, or its device might not write then.
 */
export type Fault = 'damaged' | 'unknown' | 'signature' | 'place' | 'right';

export interface FoundFault {
  readonly fault: Fault;
  /** did:key, or `@<id tag>` of a guest. */
  readonly author: string;
  /** By the author's clock, milliseconds. */
  readonly time: number;
  readonly seq: number;
}

/** What can be said of a history; counts are of rows of the document. */
export interface Verdict {
  /** Signed by a device of the device log that might write then. */
  readonly signed: number;
  /** Came through the relay from people without a device here: the relay's word stands for who wrote them. */
  readonly vouched: number;
  /** Their bytes were forgotten; their place was kept. */
  readonly forgotten: number;
  readonly faults: readonly FoundFault[];
}

export interface Witnesses {
  readonly space: DeviceLog['idTag'];
  readonly log: DeviceLog;
  readonly keys: readonly IdentityKey[];
}

/** How far a device's clock may be off, in milliseconds. */
const tolerance = 300_000;

/** Proves stored rows of a document against the device log, without asking anybody (SPEC S3, S5, Z6). */
export async function verifyHistory(
  doc: string,
  rows: readonly ReadRow[],
  witnesses: Witnesses,
): Promise<Verdict> {
  const verdict = { signed: 0, vouched: 0, forgotten: 0, faults: [] as FoundFault[] };
  for (const { row, at } of rows) {
    const fault = at ? await findFault(at, witnesses) : 'damaged';
    if (fault !== undefined || !at) {
      const { device: author, time, seq } = row;
      verdict.faults.push({ fault: fault ?? 'damaged', author, time, seq });
      continue;
    }
    const own = at.batch.rows.filter((one) => one.doc === doc);
    const told = own.filter(isTold).length;
    verdict.forgotten += own.length - told;
    if (isGuestAuthor(at.batch.device)) verdict.vouched += told;
    else verdict.signed += told;
  }
  return verdict;
}

async function findFault(at: HistoryBatch, witnesses: Witnesses): Promise<Fault | undefined> {
  const { batch } = at;
  const { space, log, keys } = witnesses;
  try {
    if (isGuestAuthor(batch.device)) await verifyGuestBatch(space, batch, keys);
    else {
      const device = log.devices.get(batch.device as Did);
      if (!device) return 'unknown';
      await verifyBatch(space, batch, device.jwk);
      if (!mightWrite(device, batch)) return 'right';
    }
  } catch (error) {
    if (error instanceof IsletError) return 'signature';
    throw error;
  }
  return (await nextChain(at.previous, space, batch)) === at.chain ? undefined : 'place';
}

/** Whether the device was in at that time, and allowed to write documents (SPEC C11, C15, L11). */
function mightWrite({ addedAt, removedAt, grants }: EnrolledDevice, { time, rows }: Batch): boolean {
  const isIn = addedAt * 1000 - tolerance <= time && time <= (removedAt ?? Infinity) * 1000 + tolerance;
  // Which folder a document was in then nobody here knows: such a device is only kept from the index.
  const inFolder = rows.every(({ doc }) => doc !== INDEX_ID);
  const grant = grants.findLast(({ from }) => from * 1000 - tolerance <= time);
  if (!isIn || !grant) return false;
  // Narrowed a moment ago by the clock of another device: what it had before counts as well.
  const around = grants.filter(({ from }) => Math.abs(from * 1000 - time) <= tolerance);
  const first = grants[grants.indexOf(around[0] ?? grant) - 1];
  return [grant, ...around, ...(around.length > 0 && first ? [first] : [])].some(
    ({ cap, until }) =>
      (mayWriteSpace(cap) || (inFolder && mayWriteFolder(cap))) &&
      time <= (until ?? Infinity) * 1000 + tolerance,
  );
}
