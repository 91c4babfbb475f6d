import { IsletError } from '../../shared/errors.ts';

/** At most so many at once. */
export interface Limits {
  /** Out for one name. */
  readonly each: number;
  /** Out for all names together. */
  readonly all: number;
  /** Waiting for one name. */
  readonly waiting: number;
}

/** Those who want to go out: each name has a line of its own, and names take turns, so that a slow one does not take every place. */
export interface WaitingLines {
  /**
   * Waits for a place.
   * @returns gives the place back; to be called once
   * @throws IsletError E-NET-FAILED when the line is full; Error when the signal comes first
   */
  enter(name: string, signal: AbortSignal): Promise<() => void>;
}

export function createWaitingLines({ each, all, waiting }: Limits): WaitingLines {
  const out = new Map<string, number>();
  const lines = new Map<string, Set<() => void>>();
  let total = 0;

  const outFor = (name: string) => out.get(name) ?? 0;
  const hasPlace = (name: string) => total < all && outFor(name) < each;

  const take = (name: string): void => {
    total += 1;
    out.set(name, outFor(name) + 1);
  };

  const give = (name: string): void => {
    total -= 1;
    if (outFor(name) === 1) out.delete(name);
    else out.set(name, outFor(name) - 1);
    const next = lines.keys().find(hasPlace);
    if (next !== undefined) admitFirst(next);
  };

  /** Its line goes behind the others. */
  const admitFirst = (name: string): void => {
    const line = lines.get(name);
    lines.delete(name);
    const [first] = line ?? [];
    if (!line || !first) return;
    line.delete(first);
    if (line.size > 0) lines.set(name, line);
    first();
  };

  const wait = (name: string, signal: AbortSignal): Promise<void> => {
    const line = lines.get(name) ?? new Set();
    if (line.size >= waiting) throw new IsletError('E-NET-FAILED', `too many wait for ${name}`, name);
    lines.set(name, line);
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', giveUp);
        take(name);
        resolve();
      };
      const giveUp = () => {
        line.delete(go);
        if (line.size === 0 && lines.get(name) === line) lines.delete(name);
        reject(new Error('given up', { cause: signal.reason }));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      line.add(go);
    });
  };

  return {
    async enter(name, signal) {
      signal.throwIfAborted();
      if (hasPlace(name)) take(name);
      else await wait(name, signal);
      return () => give(name);
    },
  };
}
