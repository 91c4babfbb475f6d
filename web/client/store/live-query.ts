import { liveQuery } from 'dexie';

/** What hears of a query. `error` is called when it begins to fail, not again before it has worked. */
export interface Follower<T> {
  next(value: T): void;
  error(error: unknown): void;
}

/** A query that is followed until its end is asked for. */
export interface Followed<T> {
  subscribe(follower: Follower<T>): { unsubscribe(): void };
}

/**
 * A query that runs again whenever a table it read changes, in any tab, and from time to time while it fails (every `again`
 * milliseconds). It is tried twice before that is told. Dexie keeps to itself that the transaction of such a query was given up: here that is told like any other failure.
 */
export function followQuery<T>(query: () => PromiseLike<T>, again = 5000): Followed<T> {
  return { subscribe: (follower) => follow(() => tryTwice(query), follower, again) };
}

function follow<T>(query: () => Promise<T>, { next, error }: Follower<T>, again: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fails = false;
  const observed = liveQuery(query);
  const start = () =>
    observed.subscribe({
      next(value) {
        clearTimeout(timer);
        fails = false;
        next(value);
      },
      error(reason) {
        clearTimeout(timer);
        timer = setTimeout(restart, again);
        if (!fails) error(reason);
        fails = true;
      },
    });
  let running = start();
  const restart = (): void => {
    running.unsubscribe();
    running = start();
  };
  return {
    unsubscribe() {
      clearTimeout(timer);
      running.unsubscribe();
    },
  };
}

async function tryTwice<T>(query: () => PromiseLike<T>): Promise<T> {
  try {
    return await query();
  } catch {
    return await tellAborted(query);
  }
}

async function tellAborted<T>(query: () => PromiseLike<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new Error(error.message, { cause: error });
  }
}
