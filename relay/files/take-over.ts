import { IsletError } from '../../shared/errors.ts';
import { limits } from '../../shared/routes.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { isDamaged } from '../store/damages.ts';
import type { Database, Executor } from '../store/database.ts';
import { findHolding, hold } from '../store/holdings.ts';
import { findUploadOf } from '../store/uploads.ts';
import type { BlobUse } from './blob-use.ts';
import type { Quota } from './quota.ts';

/** A blob that a device of an identity brings. */
export interface Wanted {
  readonly idTag: string;
  readonly blob: string;
  readonly size: number;
  /** No file will name it; it is kept until it is taken back. */
  readonly loose: boolean;
}

export interface TakeOverParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly quota: Quota;
  readonly use: BlobUse;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Notes that the identity's own devices brought the blob. */
export function holdOwn(trx: Executor, { idTag, blob, size, loose }: Wanted, now: number): Promise<void> {
  const whose = { id_tag: idTag, fetched_from: null, added_at: now };
  return hold(trx, { ...whose, blob, size, loose: loose ? 1 : 0 });
}

/** A large blob that the identity has is not read for this: that is done every week, and damage is on record then. */
async function isSound(
  { db, blobs }: Pick<TakeOverParts, 'db' | 'blobs'>,
  { idTag, blob, size }: Wanted,
  there: number,
): Promise<boolean> {
  const own = (await findHolding(db, idTag, blob))?.fetched_from === null;
  if (own && there === size && size > limits.blob) return !(await isDamaged(db, blob));
  return (await blobs.verify(blob)) === 'sound';
}

/** Who knows a hash and no more gets nothing: the identity has the blob, or had sent all of it when the relay was stopped. */
async function hasSent(db: Database, { idTag, blob, size }: Wanted): Promise<boolean> {
  if (await findHolding(db, idTag, blob)) return true;
  return (await findUploadOf(db, idTag, blob))?.received === size;
}

/**
 * Bytes that an identity has here need not be sent again: when they are sound, it holds them as if it had sent them now.
 * @returns false when it does not have them here, or they are damaged
 * @throws IsletError E-STORAGE-FULL, E-STORAGE-LIMIT, E-BLOB-SIZE (the blob has another size)
 */
export function takeOver({ db, blobs, quota, use, now }: TakeOverParts, wanted: Wanted): Promise<boolean> {
  const { idTag, blob, size } = wanted;
  return use.during(blob, async () => {
    if (!(await hasSent(db, wanted))) return false;
    const there = await blobs.size(blob);
    if (there === undefined || !(await isSound({ db, blobs }, wanted, there))) return false;
    if (there !== size)
      throw new IsletError('E-BLOB-SIZE', `this blob has ${there} bytes, not ${size}`, blob);
    await db.transaction().execute(async (trx) => {
      await quota.assertFits(trx, idTag, await quota.need(trx, wanted));
      await holdOwn(trx, wanted, now());
    });
    return true;
  });
}
