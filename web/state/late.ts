import type { RelaySync } from './chip.ts';

/** Online for so long, what was written is to be on the relay; milliseconds. */
const late = 5 * 60_000;

/**
 * For how many whole minutes something that was written has not reached the relay though it could have; undefined while that is normal: shortly
 * after an edit, or offline.
 * @param online since when this browser says that it is online, milliseconds; undefined while it says that it is not
 */
export function minutesLate(state: RelaySync, now: number, online: number | undefined): number | undefined {
  const oldest = 'oldest' in state ? state.oldest : undefined;
  if (oldest === undefined || online === undefined) return undefined;
  const age = now - Math.max(oldest, online);
  return age < late ? undefined : Math.floor(age / 60_000);
}
