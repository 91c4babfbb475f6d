import { IsletError } from '../../shared/errors.ts';
import { limits, newUploadSchema, routes } from '../../shared/routes.ts';
import type { Piece, Uploads } from '../files/uploads.ts';
import { assertPlain, readBringer, readBytes, readLength, takeBytes } from './bytes.ts';
import { readJson } from './body.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';

/** Blobs that come in pieces, and go on where they stopped (SPEC W1, W2). */
export function createUploadResource(uploads: Uploads, now: () => number): Resource {
  const resource = createResource();
  const one = `${routes.uploads}/:id`;

  resource.post(routes.uploads, async (ctx) => {
    const idTag = await readBringer(ctx);
    const upload = await uploads.begin({ idTag, ...(await readJson(ctx, newUploadSchema, limits.body)) });
    answer(ctx, upload, now(), upload.done ? 200 : 201);
  });

  resource.get(one, async (ctx) => {
    const idTag = await readBringer(ctx);
    answer(ctx, await uploads.find(idTag, String(ctx.params.id)), now());
  });

  resource.patch(one, async (ctx) => {
    const idTag = await readBringer(ctx);
    const piece = readPiece(ctx);
    answer(ctx, await takeBytes(ctx, () => uploads.append(idTag, String(ctx.params.id), piece)), now());
  });

  resource.delete(one, async (ctx) => {
    const idTag = await readBringer(ctx);
    await uploads.cancel(idTag, String(ctx.params.id));
    answer(ctx, {}, now());
  });
  return resource;
}

/** @throws IsletError E-VAL-INVALID, E-CORE-TOOLARGE */
export function readPiece(ctx: RelayContext): Piece {
  assertPlain(ctx);
  const offset = ctx.get('upload-offset');
  if (!/^\d{1,15}$/.test(offset))
    throw new IsletError('E-VAL-INVALID', 'upload-offset must say where the piece begins', offset);
  if ((readLength(ctx) ?? 0) > limits.chunk)
    throw new IsletError('E-CORE-TOOLARGE', `a piece has at most ${limits.chunk} bytes`);
  return { offset: Number(offset), bytes: (signal) => readBytes(ctx.req, signal) };
}
