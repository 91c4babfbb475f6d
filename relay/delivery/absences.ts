import type { Random } from '../../shared/bytes.ts';
import { deleteAbsence, listAbsences, saveAbsence } from '../store/absences.ts';
import type { Executor } from '../store/database.ts';
import { type Delivery, discountTries } from '../store/deliveries.ts';
import type { AbsenceRow } from '../store/tables.ts';
import type { Later } from './answers.ts';
import { backoff } from './backoff.ts';

/** Neighbours that are left alone for a while: one that is away is asked by one delivery, not by each (SPEC Q3). */
export interface Absences {
  /** Milliseconds until this neighbour may be asked; 0: now. */
  rest(neighbour: string): number;
  /** True when it did not answer the last time. */
  isAway(neighbour: string): boolean;
  /** It has shown that it is there: it may be asked now, and when that fails, that is not counted. @returns true when it was left alone */
  expect(neighbour: string): boolean;
  /** It took or refused something: tries that were counted while it was away are taken off what waits for it. */
  end(db: Executor, neighbour: string): Promise<void>;
  /** It was not reached, or took nothing. @returns false when this try does not count */
  fail(db: Executor, delivery: Delivery, outcome: Later): Promise<boolean>;
}

interface Absence {
  failures: number;
  /** Milliseconds since 1970. */
  until: number;
  reached: boolean;
  /** It is asked before its time. */
  early: boolean;
  saved: boolean;
  /** Tries that were counted for everything that waits, since it was last there. */
  missed: number;
  /** Deliveries that it did not take although it answered. */
  readonly spurned: Set<number>;
}

/** A neighbour that answers is left alone when it took none of so many deliveries, and so long, in milliseconds, unless it says for how long. */
const ofReached = { deliveries: 3, longest: 300_000 };

export async function openAbsences(
  db: Executor,
  { random, now }: { random: Random; now: () => number },
): Promise<Absences> {
  const known = new Map<string, Absence>();
  for (const row of await listAbsences(db)) known.set(row.neighbour, rowToAbsence(row));

  const fail = async (trx: Executor, { id, neighbour }: Delivery, outcome: Later): Promise<boolean> => {
    const before = known.get(neighbour);
    if (before?.early && before.until > now()) {
      before.early = false;
      return false;
    }
    const absence = extend(before, id, outcome);
    if (outcome.reached && before) await isBack(trx, neighbour, before);
    const { failures, reached, spurned } = absence;
    if (!reached || outcome.rest || spurned.size >= ofReached.deliveries) {
      const pause = Math.min(backoff(failures, random), reached ? ofReached.longest : Infinity);
      absence.until = now() + Math.max(outcome.after ?? 0, pause);
      absence.saved = true;
      await saveAbsence(trx, { neighbour, failures, until: absence.until, reached: reached ? 1 : 0 });
    }
    known.set(neighbour, absence);
    return true;
  };

  return {
    rest(neighbour) {
      const absence = known.get(neighbour);
      return absence && !absence.early ? Math.max(absence.until - now(), 0) : 0;
    },
    isAway: (neighbour) => known.get(neighbour)?.reached === false,
    expect(neighbour) {
      const absence = known.get(neighbour);
      if (absence) absence.early = true;
      return absence !== undefined;
    },
    async end(trx, neighbour) {
      const absence = known.get(neighbour);
      known.delete(neighbour);
      if (absence) await isBack(trx, neighbour, absence);
      if (absence?.saved) await deleteAbsence(trx, neighbour);
    },
    fail,
  };
}

/** What waited while a neighbour came and went has not been tried for that. */
async function isBack(trx: Executor, neighbour: string, { missed }: Absence): Promise<void> {
  if (missed > 0) await discountTries(trx, neighbour, missed);
}

function extend(before: Absence | undefined, id: number, { reached }: Later): Absence {
  const spurned = new Set(reached ? [...(before?.spurned ?? []), id] : []);
  const missed = reached ? 0 : (before?.missed ?? 0) + 1;
  const { failures = 0, saved = false } = before ?? {};
  return { failures: failures + 1, until: 0, reached, early: false, saved, missed, spurned };
}

function rowToAbsence({ failures, until, reached }: AbsenceRow): Absence {
  const missed = reached === 1 ? 0 : failures;
  return { failures, until, reached: reached === 1, early: false, saved: true, missed, spurned: new Set() };
}
