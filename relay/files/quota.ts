import { IsletError } from '../../shared/errors.ts';
import type { Database, Executor } from '../store/database.ts';
import { findHolding, readUsed } from '../store/holdings.ts';
import { findQuota } from '../store/quotas.ts';
import { findUploadOf } from '../store/uploads.ts';

/** In bytes. */
export interface Storage {
  readonly used: number;
  readonly limit: number;
  readonly left: number;
}

/** How much an identity may have here (SPEC W3). */
export interface Quota {
  read(db: Executor, idTag: string): Promise<Storage>;
  /**
   * Looked at in the transaction that takes the room.
   * @throws IsletError E-STORAGE-FULL, E-STORAGE-LIMIT
   */
  assertFits(trx: Executor, idTag: string, size: number): Promise<void>;
  /** Bytes that the blob would add to what is used: none when the identity has it; less what an upload of it has set aside. */
  need(trx: Executor, wanted: { idTag: string; blob: string; size: number }): Promise<number>;
  /** Sets bytes aside until `release`, which comes after what took their place is stored. */
  reserve(idTag: string, size: number): Promise<() => void>;
}

/** @param limit bytes of an identity for which the operator has not set another */
export function createQuota(db: Database, limit: number): Quota {
  const reserved = new Map<string, number>();
  const add = (idTag: string, size: number) => void reserved.set(idTag, (reserved.get(idTag) ?? 0) + size);

  const read = async (executor: Executor, idTag: string): Promise<Storage> => {
    const own = (await findQuota(executor, idTag)) ?? limit;
    const used = (await readUsed(executor, idTag)) + (reserved.get(idTag) ?? 0);
    return { used, limit: own, left: Math.max(0, own - used) };
  };
  const assertFits = async (trx: Executor, idTag: string, size: number) => {
    const storage = await read(trx, idTag);
    if (size <= storage.left) return;
    throw storage.left === 0
      ? new IsletError('E-STORAGE-FULL', 'no storage is left', size, storage)
      : new IsletError('E-STORAGE-LIMIT', `only ${storage.left} bytes of storage are left`, size, storage);
  };
  return {
    read,
    assertFits,
    async need(trx, { idTag, blob, size }) {
      const held = await findHolding(trx, idTag, blob);
      if (held?.fetched_from === null) return 0;
      return Math.max(0, size - ((await findUploadOf(trx, idTag, blob))?.size ?? 0));
    },
    async reserve(idTag, size) {
      await db.transaction().execute(async (trx) => {
        await assertFits(trx, idTag, size);
        add(idTag, size);
      });
      return () => add(idTag, -size);
    },
  };
}
