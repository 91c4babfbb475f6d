import { type DeviceLog, verifyDeviceLog } from '../../../shared/device/device-log.ts';
import { mayWriteFolder, mayWriteSpace } from '../../../shared/device/presets.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import { type Batch, isGuestAuthor, verifyBatch, verifyGuestBatch } from '../../../shared/sync/row.ts';
import { INDEX_ID } from '../documents/document-id.ts';

export interface AuthorSources {
  space: IdTag;
  /** The device log as it is pinned here. */
  entries: readonly string[];
  /** Reads the log from the relay, verified and compared with the pinned one. */
  readLog: () => Promise<DeviceLog>;
  /** The keys of the identity as they are known here, and as the relay tells them now. */
  keys: readonly IdentityKey[];
  readKeys: () => Promise<readonly IdentityKey[]>;
}

/**
 * Answers what proves that a batch is by a device that may write, or by a guest (SPEC S3, Z6, C11, C15): rows of a device that was removed since
 * stay what they were, so that only the key counts.
 * @throws (from what it answers) IsletError E-ROW-INVALID, E-KEY-UNKNOWN, E-LOG-*; RelayUnreachable
 */
export function createAuthorCheck(sources: AuthorSources): (batch: Batch) => Promise<void> {
  const { space, entries, readLog, readKeys } = sources;
  let log: DeviceLog | undefined;
  let { keys } = sources;

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

  return async (batch) => {
    if (isGuestAuthor(batch.device)) return verifyGuest(batch);
    log ??= await verifyDeviceLog(space, entries);
    if (!log.devices.has(batch.device as Did)) log = await readLog();
    const device = log.devices.get(batch.device as Did);
    if (!device)
      throw new IsletError('E-ROW-INVALID', 'rows of a device that is not in the device log', batch.device);
    // A device is never given more than at first (SPEC L11).
    const { grants } = device;
    const mayWrite =
      grants.some(({ cap }) => mayWriteSpace(cap)) ||
      // Which folder a document was in then nobody here knows: it is only kept from the index.
      (grants.some(({ cap }) => mayWriteFolder(cap)) && batch.rows.every(({ doc }) => doc !== INDEX_ID));
    if (!mayWrite)
      throw new IsletError('E-ROW-INVALID', 'rows of a device that may not write documents', batch.device);
    await verifyBatch(space, batch, device.jwk);
  };
}
