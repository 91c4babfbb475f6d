export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs what it is given one after another; a failure does not hold up the next. */
export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
