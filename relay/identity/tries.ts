import { IsletError } from '../../shared/errors.ts';
import type { Database } from '../store/database.ts';
import { deleteTry, findTry, replaceTry } from '../store/ways.ts';
import { createLock } from './lock.ts';

/** Wrong ones in a row that cost nothing. */
const free = 5;
/** The wait after the next one, twice that after each further one, and the longest; milliseconds. */
const firstWait = 30_000;
const longestWait = 3_600_000;

/** How often secrets may be tried (SPEC P9). */
export interface Tries {
  /**
   * Runs `check`; what rejects with E-VERIFY-FAILED counts. It is counted before it is looked at, so that many at once and a relay that ends
   * in between give nothing away.
   * @throws IsletError E-VERIFY-LIMIT (details: `{wait}`, seconds), and what `check` throws
   */
  <T>(door: string, check: () => Promise<T>): Promise<T>;
}

export function createTries(db: Database, idTag: string, now: () => number): Tries {
  const lock = createLock();
  return (door, check) =>
    lock(async () => {
      const before = await findTry(db, idTag, door);
      // A clock that was set back makes no wait longer than the longest.
      const until = Math.min(before?.next_at ?? 0, now() + longestWait);
      if (before && until < before.next_at) await replaceTry(db, { ...before, next_at: until });
      const left = until - now();
      if (left > 0) {
        const wait = Math.ceil(left / 1000);
        throw new IsletError('E-VERIFY-LIMIT', `too many wrong ones: wait ${wait} s`, door, { wait });
      }
      const failures = (before?.failures ?? 0) + 1;
      const wait = failures <= free ? 0 : Math.min(firstWait * 2 ** (failures - free - 1), longestWait);
      await replaceTry(db, { id_tag: idTag, door, failures, next_at: wait === 0 ? 0 : now() + wait });
      try {
        const result = await check();
        await deleteTry(db, idTag, door);
        return result;
      } catch (error) {
        const wrong = error instanceof IsletError && error.code === 'E-VERIFY-FAILED';
        if (!wrong && before) await replaceTry(db, before);
        if (!wrong && !before) await deleteTry(db, idTag, door);
        throw error;
      }
    });
}
