import type { Row } from './rows.ts';

/** One thing that must hold, and the tests that try to break it. */
export interface Trial {
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly holds: string;
  /** Threats and faults that it tries, of `rows.ts`. */
  readonly rows: readonly Row[];
  /** Test files, from the root of the project. */
  readonly tests: readonly string[];
  /** Only tests whose title matches; else all of the files. */
  readonly title?: string;
  /** In Chromium, against a built app. */
  readonly browser?: true;
  /** One round uses all the minutes that there are. */
  readonly long?: true;
}

/** What one round of a trial showed. */
export interface Round {
  readonly trial: string;
  readonly seed: number;
  readonly passed: number;
  readonly failed: number;
  /** Seconds. */
  readonly took: number;
  /** Titles of what failed. */
  readonly failures: readonly string[];
  /** How often what was tried, as the tests themselves counted. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Sums what was counted over rounds. */
export function sumCounts(rounds: readonly Round[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { counts } of rounds)
    for (const [what, count] of Object.entries(counts)) sums.set(what, (sums.get(what) ?? 0) + count);
  return sums;
}
