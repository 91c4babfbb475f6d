import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import { segment } from '../relay/relay-api.ts';
import type { ReleaseRow } from '../store/database.ts';
import { dropBlobs, type UploadParts } from './upload-queue.ts';
import { filesOf, namedBy, readVariants } from './variants.ts';

type ReleaseParts = Pick<UploadParts, 'db' | 'api' | 'tree'>;

/**
 * Takes files back from the relay that no entry names any more, as soon as it can be reached. What was replaced goes when the
 * relay has what came instead.
 */
export async function sendReleases(parts: ReleaseParts): Promise<void> {
  const { db, tree } = parts;
  for (const release of await db.releases.toArray()) {
    if (!(await isDue(release, parts))) continue;
    // It may have come back since: the same bytes were added again, or a move was taken back.
    const { files } = namedBy(tree.below(''));
    for (const file of filesOf(release)) if (!files.has(file)) await remove(file, parts);
    await db.transaction('rw', db.releases, db.blobs, db.uploads, async () => {
      await db.releases.delete(release.file);
      await dropBlobs(
        db,
        readVariants(release).map(({ blob }) => blob),
        tree,
      );
    });
  }
}

async function isDue({ after }: ReleaseRow, { db, tree }: ReleaseParts): Promise<boolean> {
  if (after === undefined) return true;
  const [entry, upload] = [tree.get(after), await db.uploads.get(after)];
  // Who wants the new only here does not want the old at the relay.
  if (upload) return upload.state === 'stopped' && upload.file === entry?.file;
  return entry === undefined || entry.stored === entry.file;
}

async function remove(file: string, { api }: ReleaseParts): Promise<void> {
  try {
    await api.remove(routes.files + segment(file));
  } catch (error) {
    // An action shows it, or it is the picture of this identity: then it stays there.
    if (!(error instanceof IsletError) || error.status === 401) throw error;
  }
}
