import type { DeviceLog } from '../../../shared/device/device-log.ts';
import type { Did } from '../../../shared/identity/did.ts';
import { askNeighbours, type WitnessParts } from './ask-neighbours.ts';
import { checkActions } from './check-actions.ts';
import { watchOwnKeys } from './own-keys.ts';
import { watchOwnLog } from './own-log.ts';

export interface WatchParts extends WitnessParts {
  /** As of `watchOwnLog`. */
  readonly readLog: () => Promise<DeviceLog>;
  readonly did: Did;
}

/**
 * Watches the own relay: whether its device log goes on as it should, whether a device said what it says in our name, and whether neighbours were
 * told the same as we are. What does not fit is an alarm.
 * @returns whether there is more to look at right away
 * @throws RelayUnreachable
 */
export async function watch(parts: WatchParts): Promise<boolean> {
  const log = await watchOwnLog(parts);
  await watchOwnKeys(parts);
  const more = await checkActions(parts);
  if (log && !more) await askNeighbours(parts, log);
  return more;
}
