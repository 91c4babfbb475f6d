import { IsletError } from '../../shared/errors.ts';
import type { Database, Executor } from '../store/database.ts';
import { findFile, isAttached, isForeignFile, takeAttachments } from '../store/files.ts';
import { dropLoose, dropUnnamed } from '../store/holdings.ts';
import { deleteFile, isAttachedByOwn, isShown, listBlobsOfFile } from '../store/releases.ts';

/**
 * Deletes a file of the identity; what no other file of it names, and is not loose, no longer counts (SPEC W4).
 * @throws IsletError E-CORE-NOTFOUND, E-CORE-CONFLICT when an action attaches it or the identity shows it as its picture
 */
export function releaseFile(db: Database, idTag: string, id: string): Promise<void> {
  return db.transaction().execute(async (trx) => {
    if (!(await findFile(trx, idTag, id))) throw new IsletError('E-CORE-NOTFOUND', 'no such file', id);
    await assertUnused(trx, idTag, id);
    const blobs = await listBlobsOfFile(trx, idTag, id);
    await deleteFile(trx, idTag, id);
    await dropUnnamed(trx, idTag, blobs);
  });
}

/** That a neighbour's action attaches a file of ours does not hold it here. */
async function assertUnused(trx: Executor, idTag: string, id: string): Promise<void> {
  const ofOthers = (await isForeignFile(trx, idTag, id)) && (await isAttached(trx, idTag, id));
  if (ofOthers || (await isAttachedByOwn(trx, idTag, id)))
    throw new IsletError('E-CORE-CONFLICT', 'an action attaches this file', id);
  if (await isShown(trx, idTag, id))
    throw new IsletError('E-CORE-CONFLICT', 'this file is a picture of the profile', id);
}

/**
 * Takes back a blob of the identity's own that no file names.
 * @throws IsletError E-CORE-NOTFOUND when there is none to take back
 */
export async function releaseBlob(db: Database, idTag: string, blob: string): Promise<void> {
  if (await db.transaction().execute((trx) => dropLoose(trx, idTag, blob))) return;
  throw new IsletError('E-CORE-NOTFOUND', 'no such blob, or a file names it', blob);
}

/** An action attaches nothing any more; files of neighbours that nothing else attaches are deleted with that. */
export async function forgetAttachments(
  trx: Executor,
  { id_tag, statement_id }: { readonly id_tag: string; readonly statement_id: string },
): Promise<void> {
  for (const id of await takeAttachments(trx, id_tag, statement_id)) {
    if (await isAttached(trx, id_tag, id)) continue;
    if (!(await isForeignFile(trx, id_tag, id)) || (await isShown(trx, id_tag, id))) continue;
    const blobs = await listBlobsOfFile(trx, id_tag, id);
    await deleteFile(trx, id_tag, id);
    await dropUnnamed(trx, id_tag, blobs);
  }
}
