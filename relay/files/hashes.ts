import { createHash, type Hash } from 'node:crypto';

/** SHA-256 of uploads as far as they have come, kept while the process runs. */
export interface Hashes {
  /** A hash over the first `received` bytes that may be carried on; undefined when it is not known. */
  resume(id: string, received: number): Hash | undefined;
  keep(id: string, received: number, hash: Hash): void;
  forget(id: string): void;
}

/** Uploads whose hash is remembered; that of others is taken again at their end. */
const most = 1000;

export function createHashes(): Hashes {
  const known = new Map<string, { received: number; hash: Hash }>();
  return {
    resume(id, received) {
      if (received === 0) return createHash('sha256');
      const entry = known.get(id);
      return entry?.received === received ? entry.hash.copy() : undefined;
    },
    keep(id, received, hash) {
      known.delete(id);
      known.set(id, { received, hash });
      for (const oldest of known.keys()) {
        if (known.size <= most) return;
        known.delete(oldest);
      }
    },
    forget: (id) => void known.delete(id),
  };
}
