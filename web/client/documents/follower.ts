import type { SaveState, Watchable } from './save-state.ts';

/** Time after which an edit that the writing tab has not confirmed is offered to it again. */
const ASK_AGAIN = 3000;

/** Numbers of tabs: up to which of its updates something has each. */
export type Numbers = Record<string, number>;

export interface FollowerOptions {
  state: Watchable<SaveState>;
  now: () => number;
  /** Name of this tab. */
  tab: string;
  /** What is in the document now: of each tab, this one included, the last update. */
  holds: () => Numbers;
  /** Everything that is in the document here is confirmed. */
  onSaved: () => void;
  /** Sends all that this tab holds to the writing tab, again; returns the number of that among what this tab told. */
  offer: () => number;
}

/** What a tab that does not write knows of saving: only what the writing tab says. */
export interface Follower {
  request(): void;
  whenSaved(): Promise<void>;
  /** The writing tab confirmed the updates of each tab up to `covers`, or failed. */
  heard(state: SaveState, covers: Numbers): void;
  /** This tab becomes the writer: `saved` answers for what was asked here. */
  handOver(saved: Promise<void>): void;
  close(): void;
}

interface Waiter {
  until: Numbers;
  resolve: () => void;
  reject: (error: Error) => void;
}

export function createFollower(options: FollowerOptions, again = ASK_AGAIN): Follower {
  const { state, now, tab } = options;
  const confirmed = createConfirmed(tab);
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiters: Waiter[] = [];

  const settle = (): void => {
    const ready = waiters.filter(({ until }) => confirmed.have(until));
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();
  };
  const reject = (error: Error): void => {
    const failed = waiters;
    waiters = [];
    for (const waiter of failed) waiter.reject(error);
  };
  const offer = (): void => {
    const held = options.holds();
    confirmed.offered(options.offer(), held);
  };

  return {
    request() {
      if (state.get().kind === 'saved') state.set({ kind: 'saving', since: now() });
      timer ??= setInterval(offer, again);
    },
    whenSaved() {
      const until = options.holds();
      if (confirmed.have({ [tab]: until[tab] ?? 0 }) && state.get().kind === 'saved')
        return Promise.resolve();
      return new Promise((resolve, fail) => waiters.push({ until, resolve, reject: fail }));
    },
    heard(told, covers) {
      if (told.kind === 'failed') {
        state.set(told);
        reject(new Error(told.message));
        return;
      }
      confirmed.add(covers);
      if (told.kind === 'saved' && confirmed.have(options.holds())) {
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
          for (const waiter of waiters.splice(0)) waiter.resolve();
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

/** What is known to be saved. An offer of this tab that is has with it all that was in the document when it was made. */
function createConfirmed(tab: string) {
  const numbers = new Map<string, number>();
  let offers: { number: number; held: Numbers }[] = [];
  const note = (some: Numbers): void => {
    for (const [of, number] of Object.entries(some)) numbers.set(of, Math.max(numbers.get(of) ?? 0, number));
  };
  return {
    have: (wanted: Numbers): boolean =>
      Object.entries(wanted).every(([of, number]) => (numbers.get(of) ?? 0) >= number),
    offered: (number: number, held: Numbers): void => void offers.push({ number, held }),
    add(covers: Numbers): void {
      note(covers);
      const done = numbers.get(tab) ?? 0;
      for (const { number, held } of offers) if (number <= done) note(held);
      offers = offers.filter(({ number }) => number > done);
    },
  };
}
