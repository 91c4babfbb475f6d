import { env } from 'node:process';

/** `ISLET_ASSURANCE=full` runs the long tests at full length, for an hour or so; else they are short. */
const isFull = env.ISLET_ASSURANCE === 'full';

/** So many of something. */
export function sized(short: number, full: number): number {
  return isFull ? full : short;
}

/** How long a test of such a size may take, in milliseconds. */
export const patience = sized(120_000, 3_600_000);
