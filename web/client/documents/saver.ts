import type { SaveState, Watchable } from './save-state.ts';

/** Least time between two confirmations: each one is an fsync, and people type faster than phones flush. */
const REST = 120;
/** Time after which a failed save is tried again without being asked. */
const RETRY = 5000;

export interface SaverOptions {
  state: Watchable<SaveState>;
  now: () => number;
  /** Rejects unless all that was written before the call is durable. */
  confirm: () => Promise<void>;
  /** Gets a fresh connection after a failure. */
  reconnect: () => Promise<void>;
  /** Called before a confirmation starts; what it returns is handed to `saved` when that confirmation succeeds. */
  mark: () => () => void;
}

/** Confirms writes one at a time, as often as needed and no more. */
export interface Saver {
  /** Something was written. */
  request(): void;
  /** Resolves when all requests so far are confirmed; rejects in words when they failed. */
  whenSaved(): Promise<void>;
  /** Ends retries; running work ends by itself. */
  close(): Promise<void>;
}

export function createSaver(options: SaverOptions): Saver {
  const { state, now } = options;
  let asked = 0;
  let done = 0;
  let running: Promise<void> | undefined;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let waiters: { until: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  const settle = (error?: Error): void => {
    const ready = waiters.filter((waiter) => error !== undefined || waiter.until <= done);
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) {
      if (error === undefined) waiter.resolve();
      else waiter.reject(error);
    }
  };
  const attempt = async (): Promise<void> => {
    const until = asked;
    const saved = options.mark();
    await options.confirm();
    done = until;
    saved();
  };
  const fail = (error: unknown): void => {
    const failure = error instanceof Error ? error : new Error(String(error));
    state.set({ kind: 'failed', message: failure.message });
    settle(failure);
    if (!closed) retry = setTimeout(start, RETRY);
  };
  const run = async (): Promise<void> => {
    while (done < asked) {
      try {
        await attempt();
      } catch (first) {
        try {
          await options.reconnect();
          await attempt();
        } catch (second) {
          fail(second ?? first);
          return;
        }
      }
      if (done >= asked) state.set({ kind: 'saved', at: now() });
      settle();
      if (done < asked) await rest(closed ? 0 : REST);
    }
  };
  const start = (): void => {
    clearTimeout(retry);
    running ??= run().finally(() => {
      running = undefined;
      // Asked for between the last look and the end.
      if (done < asked && state.get().kind === 'saving') start();
    });
  };

  return {
    request() {
      asked += 1;
      if (state.get().kind === 'saved') state.set({ kind: 'saving', since: now() });
      start();
    },
    whenSaved() {
      if (done >= asked) return Promise.resolve();
      if (state.get().kind === 'failed' && running === undefined) start();
      return new Promise((resolve, reject) => waiters.push({ until: asked, resolve, reject }));
    },
    async close() {
      closed = true;
      await running;
      clearTimeout(retry);
    },
  };
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
