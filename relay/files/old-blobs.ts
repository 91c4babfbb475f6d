import type { Blobs } from '../store/blobs/blobs.ts';
import { readChore, writeChore } from '../store/chores.ts';
import type { Database } from '../store/database.ts';
import { hold, isHeld } from '../store/holdings.ts';
import { findOwnerOf } from '../store/releases.ts';

export interface OldBlobParts {
  readonly db: Database;
  readonly blobs: Blobs;
  /** Whose they are. */
  readonly idTag: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const chore = 'holdings';

/**
 * Once: versions before this one did not note who has which blob. What a file names is held by that; what came with a
 * neighbour's action was fetched; the rest are pictures in documents.
 */
export async function holdOldBlobs({ db, blobs, idTag, now }: OldBlobParts): Promise<void> {
  if ((await readChore(db, chore)) !== undefined) return;
  for await (const { id: blob, size } of blobs.list()) {
    if (await isHeld(db, blob)) continue;
    const owner = await findOwnerOf(db, idTag, blob);
    const fetched_from = owner === undefined || owner === idTag ? null : owner;
    const loose = owner === undefined ? 1 : 0;
    await hold(db, { id_tag: idTag, blob, size, loose, fetched_from, added_at: now() });
  }
  await writeChore(db, chore, now());
}
