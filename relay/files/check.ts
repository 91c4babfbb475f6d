import { setTimeout as pause } from 'node:timers/promises';
import { readChore, writeChore } from '../store/chores.ts';
import { countHeldBlobs, listHeldBlobs } from '../store/damages.ts';
import type { Database } from '../store/database.ts';
import type { Damage } from './damage.ts';

/** What `GET storage` tells of it. Numbers of blobs; `endedAt` in milliseconds since 1970. */
export interface CheckState {
  readonly state: 'never' | 'running' | 'done';
  readonly checked: number;
  readonly total: number;
  readonly endedAt?: number;
}

/** Reads all blobs that are held, one after the other, and hashes them (SPEC W6). */
export interface Check {
  /** Begins, unless it is under way. @returns when it has ended or was stopped */
  start(): Promise<void>;
  /** Begins when the last one ended a week ago, without waiting for its end. */
  wake(): Promise<void>;
  state(): Promise<CheckState>;
  close(): Promise<void>;
}

export interface CheckParts {
  readonly db: Database;
  readonly damage: Damage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

const chore = 'check';
const week = 7 * 24 * 60 * 60 * 1000;
const page = 100;
/** Longest rest between two blobs, in milliseconds. */
const longestRest = 1000;

/** A store that cannot be read ends a check early; it counts as not done, and begins again at the next look. */
export function createCheck({ db, damage, now, report }: CheckParts): Check {
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> | undefined;
  let progress = { checked: 0, total: 0 };

  const run = async () => {
    progress = { checked: 0, total: await countHeldBlobs(db) };
    for (let after = '', more = true; more;) {
      const held = await listHeldBlobs(db, after, page);
      for (const id of held) {
        const began = performance.now();
        if ((await damage.blobs.verify(id)) === 'missing') await damage.found(id);
        progress = { ...progress, checked: progress.checked + 1 };
        // Half of the time belongs to others.
        await rest(performance.now() - began, signal);
        if (signal.aborted) return;
      }
      after = held.at(-1) ?? after;
      more = held.length === page;
    }
    await writeChore(db, chore, now());
  };

  const start = () => {
    if (signal.aborted) return Promise.resolve();
    running ??= run()
      .catch(report)
      .finally(() => (running = undefined));
    return running;
  };

  return {
    start,
    async wake() {
      const last = await readChore(db, chore);
      if (last === undefined || now() - last >= week) void start();
    },
    async state() {
      const endedAt = await readChore(db, chore);
      const state = running ? 'running' : endedAt === undefined ? 'never' : 'done';
      return { state, ...progress, ...(endedAt !== undefined && { endedAt }) };
    },
    async close() {
      ending.abort();
      await running;
    },
  };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.min(ms, longestRest), undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
