import type { DeviceState } from '../../../shared/api/devices.ts';
import { type DeviceDescription, type DeviceLog, findDevice } from '../../../shared/device/device-log.ts';
import { readSecond } from '../../../shared/device/renewal.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { Doorkeeper } from './enrolment.ts';
import { keyWords } from './words.ts';

/** One of the browsers that claim to be the same device (SPEC G10). */
export interface Claimant {
  readonly did: Did;
  /** As that browser shows them too (SPEC G16). */
  readonly words: readonly string[];
  /** When it renewed the keys, in milliseconds: the first by its own clock, the others by the relay's. */
  readonly at: number;
  /** Which browser it said it was. */
  readonly agent?: string | undefined;
  /** Whether its keys are those in the device log. */
  readonly first: boolean;
}

/**
 * Who claims to be this device: the keys in the log, and those that came second. What the relay shows of these is verified, and nobody is
 * offered keys that it made up.
 */
export async function readClaimants(log: DeviceLog, { did, suspended }: DeviceState): Promise<Claimant[]> {
  const device = findDevice(log, did);
  if (!device || !suspended) return [];
  const { at, agent } = suspended;
  const first = { did, words: await keyWords(did), at: device.addedAt * 1000 || at, agent, first: true };
  const others = suspended.others.map(async ({ entry, at: came, agent: from }): Promise<Claimant[]> => {
    const second = await readSecond(entry, { log, origin: device.origin }).catch(whenMadeUp);
    if (!second) return [];
    return [{ did: second.did, words: await keyWords(second.did), at: came, agent: from, first: false }];
  });
  return [first, ...(await Promise.all(others)).flat()];
}

function whenMadeUp(error: unknown): undefined {
  if (error instanceof IsletError) return undefined;
  throw error;
}

/** The keys that came second and have this name. */
async function findSecond(log: DeviceLog, state: DeviceState, did: Did): Promise<DeviceDescription> {
  const origin = findDevice(log, state.did)?.origin;
  for (const { entry } of origin ? (state.suspended?.others ?? []) : []) {
    const second = await readSecond(entry, { log, origin: origin! });
    if (second.did === did) return second;
  }
  throw new IsletError('E-CORE-NOTFOUND', 'the relay has no such keys', did);
}

/**
 * SPEC G10: keys that came second are the right ones. They are let in with what the device had, then the others are removed; broken off in
 * between, it goes on when it is done again.
 * @throws IsletError E-LOG-*, E-VERIFY-NEEDED
 */
export async function preferSecond(
  { readLog, enter }: Pick<Doorkeeper, 'readLog' | 'enter'>,
  state: DeviceState,
  did: Did,
): Promise<void> {
  const log = await readLog();
  const device = findDevice(log, state.did);
  if (!device) throw new IsletError('E-CORE-NOTFOUND', 'no such device is in', state.did);
  if (!findDevice(log, did)) {
    const { cap, until, name, kind } = device;
    // The name that people gave it, not that of the moment in which it was copied.
    const added = { ...(await findSecond(log, state, did)), name, ...(kind && { kind }) };
    await enter({ t: 'add', device: added, cap: [...cap], ...(until !== undefined && { until }) });
  }
  await enter({ t: 'remove', did: state.did });
}
