import { IsletError } from '../../shared/errors.ts';

/** One at a time for each id. */
export interface Turns {
  /** @throws IsletError E-CORE-CONFLICT when it is somebody else's turn */
  take<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  isTaken(id: string): boolean;
  /** Tells whoever's turn it is to stop, and waits for that. */
  end(id: string): Promise<void>;
}

export function createTurns(): Turns {
  const taken = new Map<string, { stop: AbortController; ended: Promise<void> }>();
  return {
    async take(id, work) {
      if (taken.has(id))
        throw new IsletError('E-CORE-CONFLICT', 'another piece of this upload is coming in', id);
      const stop = new AbortController();
      const ended = Promise.withResolvers<void>();
      taken.set(id, { stop, ended: ended.promise });
      try {
        return await work(stop.signal);
      } finally {
        taken.delete(id);
        ended.resolve();
      }
    },
    isTaken: (id) => taken.has(id),
    async end(id) {
      const turn = taken.get(id);
      turn?.stop.abort(new IsletError('E-UPLOAD-UNKNOWN', 'no such upload', id));
      await turn?.ended;
    },
  };
}
