/** A place in the queue for the right to write one document. */
export interface DocumentLock {
  /** Whether this tab got the lock at once. */
  held: boolean;
  /** Resolves when this tab holds the lock; never when it is released before. */
  whenHeld: Promise<void>;
  /** Gives the lock, or the place in the queue, back; resolves when another tab may have it. */
  release(): Promise<void>;
}

/** The part of the Web Locks API that is needed. */
export type Locks = Pick<LockManager, 'request'>;

/** Asks for the Web Lock `doc:<id>`; resolves at once, holding it or queued for it. */
export async function requestDocumentLock(locks: Locks, name: string): Promise<DocumentLock> {
  let free = (): void => undefined;
  const until = new Promise<void>((resolve) => (free = resolve));
  let ended: Promise<unknown> = Promise.resolve();
  const held = await new Promise<boolean>((resolve, reject) => {
    ended = locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : until;
    });
    ended.catch(reject);
  });
  const release = async (): Promise<void> => {
    free();
    await ended;
  };
  if (held) return { held, whenHeld: Promise.resolve(), release };
  return queueForLock(locks, name, until, free);
}

function queueForLock(locks: Locks, name: string, until: Promise<void>, free: () => void): DocumentLock {
  const abort = new AbortController();
  let got = false;
  let ended: Promise<unknown> = Promise.resolve();
  const whenHeld = new Promise<void>((resolve) => {
    ended = locks
      .request(name, { signal: abort.signal }, () => {
        got = true;
        resolve();
        return until;
      })
      // The only rejection is our own abort: the tab left the queue.
      .catch((error: unknown) => (abort.signal.aborted ? undefined : Promise.reject(error)));
  });
  return {
    held: false,
    whenHeld,
    async release() {
      if (!got) abort.abort();
      free();
      await ended;
    },
  };
}
