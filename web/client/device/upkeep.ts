import * as v from 'valibot';
import { deviceListSchema, type DeviceState } from '../../../shared/api/devices.ts';
import type { LogOperation } from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { preferSecond } from './copied.ts';
import type { Doorkeeper } from './enrolment.ts';

/** What is changed about a device: less, never more (SPEC L11). `until` in seconds. */
export type DeviceChange = Omit<Extract<LogOperation, { t: 'change' }>, 't' | 'did'>;

/** The devices of the identity, as one of them looks after the others. Each may throw E-VERIFY-NEEDED: somebody has to show who it is. */
export interface DeviceUpkeep {
  /** What the relay has seen of the devices, besides the log. */
  list(): Promise<DeviceState[]>;
  change(did: Did, change: DeviceChange): Promise<void>;
  /** It is lost, and deletes what it has at its next contact (SPEC L12). */
  removeLost(did: Did): Promise<void>;
  /** It was away too long, or its keys were in two places: it may come back, or these are the right ones. */
  readmit(did: Did): Promise<void>;
  /** Its keys were in two places, and those that came second are the right ones. */
  prefer(did: Did, second: Did): Promise<void>;
  /** Ends the access of all other devices until each is let in again. */
  signOutOthers(): Promise<void>;
}

export function createDeviceUpkeep(
  api: RelayApi,
  { enter, readLog }: Pick<Doorkeeper, 'enter' | 'readLog'>,
): DeviceUpkeep {
  const list = async () => (await api.get(routes.devices, deviceListSchema)).devices;
  return {
    list,
    change: (did, change) => enter({ t: 'change', did, ...change }),
    removeLost: (did) => enter({ t: 'remove', did, wipe: true }),
    readmit: async (did) => {
      await api.post(`${routes.devices}${segment(did)}/readmit`, {}, v.unknown());
    },
    prefer: async (did, second) => {
      const state = (await list()).find((each) => each.did === did);
      if (!state) throw new IsletError('E-CORE-NOTFOUND', 'no such device is in', did);
      await preferSecond({ enter, readLog }, state, second);
    },
    signOutOthers: async () => enter({ t: 'gen', gen: (await readLog()).gen + 1 }),
  };
}
