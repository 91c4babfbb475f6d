import type { Did } from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { IsletError } from '../errors.ts';
import { continuesPinned, type DeviceLog, type EnrolledDevice, verifyDeviceLog } from './device-log.ts';

/** What became of a device, as the device log says. `at` in seconds. */
export type Place =
  | { readonly kind: 'in'; readonly device: EnrolledDevice }
  /** `lost`: it is to hand over what only it has, and to delete the rest (SPEC L12). */
  | {
      readonly kind: 'removed';
      readonly device: EnrolledDevice;
      readonly at: number;
      readonly lost: boolean;
    };

/** Where a device stands, with the keys that it has now. Undefined for one that was never in. */
export function findPlace(log: Pick<DeviceLog, 'devices'>, did: string): Place | undefined {
  let device = log.devices.get(did as Did);
  while (device?.renewedBy !== undefined) device = log.devices.get(device.renewedBy);
  if (!device) return undefined;
  const { removedAt: at, wipe } = device;
  return at === undefined ? { kind: 'in', device } : { kind: 'removed', device, at, lost: wipe === true };
}

/**
 * SPEC L12: what a relay shows to a device that it sends away. The log must hold and continue the one that the device knows: a relay
 * alone can neither remove nor wipe it.
 * @throws IsletError E-LOG-*, E-TOKEN-*
 */
export async function readPlace(
  { idTag, did, pinned }: { idTag: IdTag; did: string; pinned: readonly string[] },
  entries: readonly string[],
): Promise<Place> {
  const log = await verifyDeviceLog(idTag, entries);
  if (!continuesPinned(log, await verifyDeviceLog(idTag, pinned)))
    throw new IsletError('E-LOG-FORK', 'the relay shows another device log than before');
  const place = findPlace(log, did);
  if (!place) throw new IsletError('E-LOG-INVALID', 'the device log does not have this device', did);
  return place;
}
