/** Longest time, milliseconds, for which an edit is known to the process of its tab alone. */
const CATCH = 60;
/** Most bytes of one edit that is caught while somebody types; more comes by import, and would hold up the page. */
const CATCH_BYTES = 16_384;

/** Says when the edits of a tab are put where the next start finds them, should this tab be killed. */
export interface CatchPace {
  /** An edit of so many bytes was made. */
  edited(bytes: number): void;
  close(): void;
}

/**
 * Catches at the first edit and then at most every 60 ms, because IndexedDB queues what it is given while the disk is busy.
 * An edit that comes late enough catches by itself: timers wait while a busy page is typed into.
 */
export function createCatchPace(now: () => number, act: () => void): CatchPace {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    last = now();
    act();
  };
  return {
    edited(bytes) {
      if (bytes > CATCH_BYTES) return;
      if (now() - last >= CATCH) run();
      else timer ??= setTimeout(run, CATCH);
    },
    close: () => clearTimeout(timer),
  };
}
