import type { Witnessed } from '../api/watch.ts';
import { continuesPinned, type DeviceLog, parseLogEntry } from './device-log.ts';

/**
 * How a device log that somebody else was shown stands to ours (SPEC L13). `same`: ours has its newest entry. `longer`: it goes beyond ours,
 * which may be behind. `other`: somewhere it says something else than ours.
 */
export type Standing = 'same' | 'longer' | 'other';

interface Head {
  readonly head: string;
  readonly length: number;
}

/** SPEC L13: compares our log with one head that a neighbour has seen. */
export function compareWithPinned(log: DeviceLog, pinned: Head): Standing {
  if (pinned.length > log.length) return 'longer';
  return continuesPinned(log, pinned) ? 'same' : 'other';
}

/**
 * SPEC L13: compares our log with all that a neighbour was shown of it. What it has pinned from before may be missing in a log that a recovery
 * kit brought back, as long as it is shown ours now: then its people are asked whether they accept that (Y7).
 * @returns the worst, and the head that it is about
 */
export function judgeWitness(
  log: DeviceLog,
  entries: readonly string[],
  { pinned, offered }: Witnessed,
): { standing: Standing; head?: string } {
  const now = offered && compareWithPinned(log, offered);
  if (offered && now && now !== 'same') return { standing: now, head: offered.head };
  const before = pinned ? compareWithPinned(log, pinned) : 'same';
  if (!pinned || before === 'same' || (now && wasBroughtBack(log, entries))) return { standing: 'same' };
  return { standing: before, head: pinned.head };
}

/** SPEC X17: a recovery key has let a device in. */
function wasBroughtBack(log: DeviceLog, entries: readonly string[]): boolean {
  return entries.some((text) => {
    const { by, op } = parseLogEntry(text);
    return op.t === 'add' && log.keys.get(by)?.kind === 'recovery';
  });
}
