import type { Blobs } from '../store/blobs/blobs.ts';
import { IsletError } from '../../shared/errors.ts';
import { clearDamage, insertDamage } from '../store/damages.ts';
import type { Database } from '../store/database.ts';

export interface DamageParts {
  readonly db: Database;
  readonly blobs: Blobs;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once of a blob that is damaged or lost, so that it can be had again from elsewhere. */
  readonly damaged: (id: string) => void;
  readonly report: (error: unknown) => void;
}

/** Blobs whose damage is on record, and a way to put it there. */
export interface Damage {
  /** The same blobs: a read that finds damage notes it, new bytes under the name end it (SPEC W6). */
  readonly blobs: Blobs;
  /** A blob that should be here is damaged or missing. */
  found(id: string): Promise<void>;
}

export function createDamage({ db, blobs, now, damaged, report }: DamageParts): Damage {
  const found = async (id: string) => {
    if (await insertDamage(db, { blob: id, found_at: now() })) damaged(id);
  };
  const ended = (id: string) => clearDamage(db, id);
  const noteError = async (id: string, error: unknown) => {
    if (error instanceof IsletError && error.code === 'E-BLOB-DAMAGED') await found(id);
  };
  const read: Blobs['read'] = async (id, range) => {
    try {
      const stream = await blobs.read(id, range);
      return stream.once('error', (error) => void noteError(id, error).catch(report));
    } catch (error) {
      await noteError(id, error);
      throw error;
    }
  };
  const verify: Blobs['verify'] = async (id) => {
    const verdict = await blobs.verify(id);
    if (verdict === 'damaged') await found(id);
    if (verdict === 'sound') await ended(id);
    return verdict;
  };
  return {
    found,
    blobs: {
      ...{ size: blobs.size, list: blobs.list, read, verify },
      async write(id, bytes, limit) {
        const size = await blobs.write(id, bytes, limit);
        await ended(id);
        return size;
      },
      async adopt(id, file, size) {
        await blobs.adopt(id, file, size);
        await ended(id);
      },
      async remove(id) {
        await blobs.remove(id);
        await ended(id);
      },
    },
  };
}
