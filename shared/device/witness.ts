import { continuesPinned, type DeviceLog } from './device-log.ts';

/**
 * How a device log that somebody else was shown stands to ours (SPEC L13). `same`: ours has its newest entry. `longer`: it goes beyond ours,
 * which may be behind. `other`: somewhere it says something else than ours.
 */
export type Standing = 'same' | 'longer' | 'other';

/** SPEC L13: compares our log with the head that a neighbour has pinned. */
export function compareWithPinned(log: DeviceLog, pinned: { head: string; length: number }): Standing {
  if (pinned.length > log.length) return 'longer';
  return continuesPinned(log, pinned) ? 'same' : 'other';
}
