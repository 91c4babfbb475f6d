import { IsletError } from '../../../shared/errors.ts';
import type { StoredBatch } from '../../../shared/sync/frame.ts';
import { type Batch, withholdRows } from '../../../shared/sync/row.ts';
import type { Folders } from './folders.ts';

type Members = Pick<Folders, 'members'>;

/** SPEC C14: of the index, and of documents outside the folder, a device with one folder is told the hashes. */
export async function withholdOutside(
  folders: Members,
  folder: string,
  page: readonly StoredBatch[],
): Promise<StoredBatch[]> {
  const inside = await folders.members(folder);
  return Promise.all(
    page.map(async (stored) => {
      return { ...stored, batch: await withholdRows(stored.batch, ({ doc }) => !inside.has(doc)) };
    }),
  );
}

/** @throws IsletError E-DELEGATION-SCOPE: a row is of a document that is not in the folder */
export async function assertInside(
  folders: Members,
  folder: string,
  batches: readonly Batch[],
): Promise<void> {
  const inside = await folders.members(folder);
  const outside = batches.flatMap(({ rows }) => rows).find(({ doc }) => !inside.has(doc));
  if (outside)
    throw new IsletError('E-DELEGATION-SCOPE', 'this is not in the folder of this device', outside.doc);
}
