import { parseDescriptor } from '../../shared/file/descriptor.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, picturesSchema, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Database } from '../store/database.ts';
import { findFile, isForeignFile, updateVisibility } from '../store/files.ts';
import { findIdentity, updatePictures } from '../store/identities.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import type { Shown } from './shown.ts';

export interface PictureParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly shown: Shown;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The pictures that the identity shows of itself: files that are open to all while it does. */
export function createPictureResource(parts: PictureParts): Resource {
  const { db, now } = parts;
  const resource = createResource();

  resource.get(routes.profile, async (ctx) => answer(ctx, await describe(ctx, parts), now()));

  resource.post(routes.profile, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'identity/profile');
    const { profilePic, coverPic } = await readJson(ctx, picturesSchema, limits.body);
    const { tenant } = ctx.state;
    const { idTag, wake } = tenant;
    if (profilePic) await assertPicture(idTag, profilePic, { ...parts, needed: /^vis\.pf$/ });
    if (coverPic) await assertPicture(idTag, coverPic, { ...parts, needed: /^vis\./ });
    await db.transaction().execute(async (trx) => {
      const before = await findIdentity(trx, idTag);
      await updatePictures(trx, idTag, {
        ...(profilePic !== undefined && { profile_pic: profilePic }),
        ...(coverPic !== undefined && { cover_pic: coverPic }),
      });
      const after = await findIdentity(trx, idTag);
      const shown = [after?.profile_pic, after?.cover_pic];
      for (const id of [before?.profile_pic, before?.cover_pic])
        if (id && !shown.includes(id)) await updateVisibility(trx, idTag, id, 'D');
      for (const id of shown) if (id) await updateVisibility(trx, idTag, id, 'P');
    });
    parts.shown.changed(tenant);
    wake('actions');
    answer(ctx, await describe(ctx, parts), now());
  });
  return resource;
}

async function describe(ctx: RelayContext, { db, now }: PictureParts) {
  const { keys, shown } = ctx.state.tenant;
  const row = await findIdentity(db, keys.idTag);
  return {
    ...shown,
    ...(row?.profile_pic && { profilePic: row.profile_pic }),
    ...(row?.cover_pic && { coverPic: row.cover_pic }),
    keys: keys.list(now()),
  };
}

/**
 * A file of the identity itself with the rendition that neighbours ask for; without an original, which would be open to all
 * with the metadata of its camera.
 * @throws IsletError E-CORE-NOTFOUND, E-FILE-INVALID
 */
async function assertPicture(
  idTag: string,
  id: string,
  { db, blobs, needed }: PictureParts & { needed: RegExp },
): Promise<void> {
  const row = await findFile(db, idTag, id);
  if (!row) throw new IsletError('E-CORE-NOTFOUND', 'no such file', id);
  if (await isForeignFile(db, idTag, id))
    throw new IsletError('E-FILE-INVALID', 'the picture is of somebody else', id);
  const variants = parseDescriptor(row.descriptor);
  if (variants.some(({ name }) => name.endsWith('.orig')))
    throw new IsletError('E-FILE-INVALID', 'an original is not shown to everybody', id);
  for (const { name, blob } of variants)
    if (needed.test(name) && (await blobs.size(blob)) !== undefined) return;
  throw new IsletError('E-FILE-INVALID', 'the file has no rendition that can be shown here', id);
}
