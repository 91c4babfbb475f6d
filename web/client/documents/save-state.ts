/** Where the words of a document are on this device. Times are milliseconds since 1970. */
export type SaveState =
  { kind: 'saved'; at: number } | { kind: 'saving'; since: number } | { kind: 'failed'; message: string };

/** A value that can be read at once and watched. `subscribe` calls back at once and returns its own end. */
export interface Watched<T> {
  get(): T;
  subscribe(listener: (value: T) => void): () => void;
}

/** A watched value that its owner sets. */
export interface Watchable<T> extends Watched<T> {
  set(value: T): void;
}

export function createWatchable<T>(initial: T): Watchable<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => current,
    set(value) {
      current = value;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(current);
      return () => listeners.delete(listener);
    },
  };
}
