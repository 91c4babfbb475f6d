/** Keeps a blob that is being brought in from being removed at the same moment. */
export interface BlobUse {
  /** While `work` brings the blob in and notes who holds it, nobody removes it. Not within a transaction. */
  during<T>(blob: string, work: () => Promise<T>): Promise<T>;
  /** Runs `remove`, unless the blob is in use; who wants to use it meanwhile waits. @returns whether it ran */
  unlessUsed(blob: string, remove: () => Promise<void>): Promise<boolean>;
}

export function createBlobUse(): BlobUse {
  const users = new Map<string, number>();
  const removals = new Map<string, Promise<void>>();
  return {
    async during(blob, work) {
      for (let removal = removals.get(blob); removal; removal = removals.get(blob)) await removal;
      users.set(blob, (users.get(blob) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (users.get(blob) ?? 1) - 1;
        if (left > 0) users.set(blob, left);
        else users.delete(blob);
      }
    },
    async unlessUsed(blob, remove) {
      if (users.has(blob) || removals.has(blob)) return false;
      const removal = Promise.withResolvers<void>();
      removals.set(blob, removal.promise);
      try {
        await remove();
      } finally {
        removals.delete(blob);
        removal.resolve();
      }
      return true;
    },
  };
}
