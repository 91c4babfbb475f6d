import { blobIdSchema } from '../../shared/file/blob-id.ts';
import { parse } from '../../shared/parse.ts';
import { routes } from '../../shared/routes.ts';
import { releaseBlob } from '../files/release.ts';
import { storeWhole } from '../files/store-whole.ts';
import type { TakeOverParts } from '../files/take-over.ts';
import { assertPlain, readAllowed, readBytes, readLength, takeBytes } from './bytes.ts';
import { answer, createResource, type Resource } from './context.ts';

/** Blobs that come in one request, and are taken back (SPEC W1, W4). */
export function createBlobResource(parts: TakeOverParts): Resource {
  const { db, now } = parts;
  const resource = createResource();

  resource.put(`${routes.blobs}/:id`, async (ctx) => {
    const idTag = await readAllowed(ctx, 'file/create');
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
