import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from '../shared/parse.ts';
import type { Round } from './trial.ts';

const roundSchema = v.object({
  trial: v.string(),
  seed: v.number(),
  passed: v.number(),
  failed: v.number(),
  took: v.number(),
  failures: v.array(v.string()),
  counts: v.record(v.string(), v.number()),
});

const keptSchema = v.object({
  trial: v.string(),
  /** At full length. */
  full: v.boolean(),
  /** Of the project, as it was tried. */
  commit: v.string(),
  /** When it ended (UTC, to the minute). */
  date: v.string(),
  rounds: v.array(roundSchema),
});

/** The last result of a trial at one of its two lengths. */
export interface Kept {
  readonly trial: string;
  readonly full: boolean;
  readonly commit: string;
  readonly date: string;
  readonly rounds: readonly Round[];
}

const file = new URL('results.json', import.meta.url);

/**
 * What trials showed when each was run the last time: at full length they take hours, so that hardly anybody runs all at once.
 * @throws IsletError when the file is not one of ours
 */
export function readKept(): Kept[] {
  return parse(v.array(keptSchema), JSON.parse(readFileSync(file, 'utf8')));
}

/** @returns all that is kept, with this one in the place of the one before it */
export function replaceKept(all: readonly Kept[], one: Kept): Kept[] {
  return [...all.filter(({ trial, full }) => trial !== one.trial || full !== one.full), one];
}

export function writeKept(all: readonly Kept[]): void {
  const sorted = all.toSorted((a, b) => a.trial.localeCompare(b.trial) || Number(a.full) - Number(b.full));
  writeFileSync(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
}
