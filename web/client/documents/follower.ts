import type { SaveState, Watchable } from './save-state.ts';

/** Time after which an edit that the writing tab has not confirmed is offered to it again. */
const ASK_AGAIN = 3000;

export interface FollowerOptions {
  state: Watchable<SaveState>;
  now: () => number;
  /** Number of this tab's last update. */
  count: () => number;
  /** Everything this tab sent is confirmed. */
  onSaved: () => void;
  /** Sends all that this tab holds to the writing tab, again. */
  offer: () => void;
}

/** What a tab that does not write knows of saving: only what the writing tab says. */
export interface Follower {
  request(): void;
  whenSaved(): Promise<void>;
  /** The writing tab confirmed this tab's updates up to `covered`, or failed. */
  heard(state: SaveState, covered: number): void;
  /** This tab becomes the writer: `saved` answers for what was asked here. */
  handOver(saved: Promise<void>): void;
  close(): void;
}

export function createFollower(options: FollowerOptions): Follower {
  const { state, now } = options;
  let covered = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiters: { until: number; resolve: () => void; reject: (error: Error) => void }[] = [];

  const settle = (): void => {
    const ready = waiters.filter((waiter) => waiter.until <= covered);
    waiters = waiters.filter((waiter) => waiter.until > covered);
    for (const waiter of ready) waiter.resolve();
  };
  const reject = (error: Error): void => {
    const failed = waiters;
    waiters = [];
    for (const waiter of failed) waiter.reject(error);
  };

  return {
    request() {
      if (state.get().kind === 'saved') state.set({ kind: 'saving', since: now() });
      timer ??= setInterval(options.offer, ASK_AGAIN);
    },
    whenSaved() {
      if (covered >= options.count()) return Promise.resolve();
      return new Promise((resolve, fail) => waiters.push({ until: options.count(), resolve, reject: fail }));
    },
    heard(told, upTo) {
      if (told.kind === 'failed') {
        state.set(told);
        reject(new Error(told.message));
        return;
      }
      covered = Math.max(covered, upTo);
      if (told.kind === 'saved' && covered >= options.count()) {
        clearInterval(timer);
        timer = undefined;
        options.onSaved();
        state.set(told);
      }
      settle();
    },
    handOver(saved) {
      clearInterval(timer);
      saved.then(
        () => {
          covered = Infinity;
          settle();
        },
        (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
      );
    },
    close() {
      clearInterval(timer);
      reject(new Error('the document was closed before the writing tab had saved it'));
    },
  };
}
