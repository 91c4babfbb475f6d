import * as v from 'valibot';
import { fileId } from '../../../shared/file/blob-id.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { routes } from '../../../shared/routes.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { readLoss } from './losses.ts';
import { bringFile } from './refill.ts';

const shownSchema = v.object({
  space: v.literal('pictures'),
  profilePic: v.optional(v.string()),
  coverPic: v.optional(v.string()),
});

type Which = 'profilePic' | 'coverPic';

async function readShown(db: Database): Promise<Record<Which, string | undefined>> {
  const stored = v.safeParse(shownSchema, await db.cursors.get('pictures'));
  const { profilePic, coverPic } = stored.success ? stored.output : {};
  return { profilePic, coverPic };
}

/** Notes which picture the identity shows, by its descriptor; undefined when it shows none. */
export async function notePicture(db: Database, which: Which, descriptor: string | undefined): Promise<void> {
  await db.transaction('rw', db.cursors, async () => {
    // A relay that lost it shows none, until it has it again.
    if (descriptor === undefined && (await readLoss(db))) return;
    await db.cursors.put({ ...(await readShown(db)), space: 'pictures', [which]: descriptor });
  });
}

/** The pictures that the identity showed before its relay lost them. */
export async function showPicturesAgain({ db, api }: { db: Database; api: RelayApi }): Promise<void> {
  const shown = await readShown(db);
  const profile = await api.get(routes.profile, profileSchema);
  for (const which of ['profilePic', 'coverPic'] as const) {
    const descriptor = shown[which];
    if (descriptor === undefined || profile[which] !== undefined) continue;
    const file = { descriptor, contentType: 'image/webp', fileName: 'picture', visibility: 'P' as const };
    if (await bringFile(file, { db, api }))
      await api.post(routes.profile, { [which]: await fileId(descriptor) }, profileSchema);
  }
}
