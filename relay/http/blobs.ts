import type { Level } from '../../shared/access/scope.ts';
import { IsletError } from '../../shared/errors.ts';
import { blobIdSchema } from '../../shared/file/blob-id.ts';
import { parse } from '../../shared/parse.ts';
import { limits, routes } from '../../shared/routes.ts';
import { createGrowth, type Growth } from '../files/growth.ts';
import { releaseBlob } from '../files/release.ts';
import { storeSent, storeWhole } from '../files/store-whole.ts';
import type { TakeOverParts } from '../files/take-over.ts';
import { assertPlain, readAllowed, readBringer, readBytes, readLength, takeBytes } from './bytes.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import { findDocumentLevel, onlyPicture } from './shared-pictures.ts';
import { bearerOf, readGuest } from './visitor.ts';

/** Bytes of pictures that a guest brings within an hour (SPEC Z11). */
const mostPictures = 256 * 1024 * 1024;

/** Blobs that come in one request, and are taken back (SPEC W1, W4, Z11). */
export function createBlobResource(parts: TakeOverParts): Resource {
  const { db, now } = parts;
  const growth = createGrowth(now, mostPictures);
  const resource = createResource();

  resource.put(`${routes.blobs}/:id`, async (ctx) => {
    const level = await findDocumentLevel(ctx, db, bearerOf(ctx));
    if (level !== undefined) return bringPicture(ctx, { ...parts, growth }, level);
    const idTag = await readBringer(ctx);
    const blob = parse(blobIdSchema, ctx.params.id);
    assertPlain(ctx);
    const whole = { idTag, blob, size: readLength(ctx), bytes: readBytes(ctx.req) };
    const { size, fresh } = await takeBytes(ctx, () => storeWhole(parts, whole));
    answer(ctx, { id: blob, size }, now(), fresh ? 201 : 200);
  });

  resource.delete(`${routes.blobs}/:id`, async (ctx) => {
    const idTag = await readAllowed(ctx, 'file/delete');
    await releaseBlob(db, idTag, parse(blobIdSchema, ctx.params.id));
    answer(ctx, {}, now());
  });
  return resource;
}

/** A picture that somebody else brings into a document. What was there already is read again and not told. */
async function bringPicture(
  ctx: RelayContext,
  parts: TakeOverParts & { readonly growth: Growth },
  level: Level | 'none',
): Promise<void> {
  if (level !== 'W') throw new IsletError('E-AUTH-NOPERM', 'this document is not yours to write');
  const { idTag } = ctx.state.tenant;
  const guest = await readGuest(ctx);
  parts.growth.assert(guest.idTag);
  const blob = parse(blobIdSchema, ctx.params.id);
  assertPlain(ctx);
  const bytes = onlyPicture(readBytes(ctx.req));
  const whole = { idTag, blob, size: readLength(ctx), bytes };
  const size = await takeBytes(ctx, () => storeSent(parts, whole, limits.picture).catch(sayLess));
  if (guest.idTag !== idTag) parts.growth.add(guest.idTag, size);
  answer(ctx, { id: blob, size }, parts.now(), 201);
}

/** How much room the owner has is nobody else's business. */
function sayLess(error: unknown): never {
  if (error instanceof IsletError && error.code.startsWith('E-STORAGE-'))
    throw new IsletError('E-STORAGE-FULL', 'the owner has no room for this');
  throw error;
}
