import { fileId, isBlobId, parseDescriptor } from '../../shared/file/blob-id.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, newFileSchema, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import { findFile, findFileBlob, insertFile, isAttached, isBlobAttached } from '../store/files.ts';
import type { FileRow } from '../store/tables.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { parseRange } from './range.ts';

export interface FileParts {
  readonly db: Database;
  readonly blobs: Blobs;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Formats that a browser may show as a picture; everything else is bytes. */
const pictures = ['jpeg', 'png', 'webp', 'gif', 'avif'];

/** Blobs and files, named by their hashes (SPEC B1–B3). */
export function createFileResource(parts: FileParts): Resource {
  const { db, now } = parts;
  const resource = createResource();

  resource.put(`${routes.blobs}/:id`, (ctx) => storeBlob(ctx, parts));

  resource.post(routes.files, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'file/create');
    const { descriptor, contentType, fileName, visibility = 'D' } = await readJson(ctx, newFileSchema, limits.body);
    const variants = parseDescriptor(descriptor);
    const id = await fileId(descriptor);
    const { idTag } = ctx.state.tenant;
    const row = {
      id_tag: idTag,
      id,
      descriptor,
      content_type: contentType,
      file_name: fileName,
      visibility,
      created_at: now(),
    };
    await db.transaction().execute((trx) => insertFile(trx, row, variants));
    answer(ctx, { fileId: id }, now(), 201);
  });

  resource.get(`${routes.variant}/:blob`, (ctx) => sendBlob(ctx, parts));

  resource.get(`${routes.files}/:id/descriptor`, async (ctx) => {
    answer(ctx, (await readFileRow(ctx, db)).descriptor, now());
  });

  resource.get(`${routes.files}/:id/metadata`, async (ctx) => {
    const { content_type, file_name, created_at } = await readFileRow(ctx, db);
    const createdAt = new Date(created_at).toISOString();
    answer(ctx, { contentType: content_type, fileName: file_name, createdAt }, now());
  });
  return resource;
}

function readBlobId(id: unknown): string {
  if (isBlobId(id)) return id;
  throw new IsletError('E-VAL-INVALID', 'not a blob id', id);
}

/** The same bytes again are there already; whatever does not have the hash is not kept. */
async function storeBlob(ctx: RelayContext, { blobs, now }: FileParts): Promise<void> {
  const { grant } = await readSession(ctx);
  assertAllowed(grant, 'file/create');
  const id = readBlobId(ctx.params.id);
  const held = await blobs.size(id);
  if (held !== undefined) {
    ctx.req.resume();
    return answer(ctx, { id, size: held }, now());
  }
  if (Number(ctx.get('content-length')) > limits.blob)
    throw new IsletError('E-CORE-TOOLARGE', `a blob has at most ${limits.blob} bytes`);
  const size = await blobs.write(id, ctx.req, limits.blob);
  answer(ctx, { id, size }, now(), 201);
}

/** Files that a stored action attaches are open to who knows the id; others to the identity's devices only. */
async function readFileRow(ctx: RelayContext, db: Database): Promise<FileRow> {
  const id = String(ctx.params.id);
  const { idTag } = ctx.state.tenant;
  const row = await findFile(db, idTag, id);
  if (!row) throw new IsletError('E-CORE-NOTFOUND', 'no such file', id);
  if (!(await isAttached(db, idTag, id))) await readSession(ctx);
  return row;
}

async function sendBlob(ctx: RelayContext, { db, blobs }: FileParts): Promise<void> {
  const id = readBlobId(ctx.params.blob);
  const { idTag } = ctx.state.tenant;
  if (!(await isBlobAttached(db, idTag, id))) await readSession(ctx);
  const size = await blobs.size(id);
  if (size === undefined) throw new IsletError('E-CORE-NOTFOUND', 'no such blob', id);
  const format = (await findFileBlob(db, idTag, id))?.format ?? '';
  ctx.set({
    'content-disposition': 'attachment',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    etag: `"${id}"`,
  });
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  ctx.type = pictures.includes(format) ? `image/${format}` : 'application/octet-stream';
  await sendRange(ctx, blobs, id, size);
}

/** RFC 9110 §14: one range; several, or a malformed one, get the whole. */
async function sendRange(ctx: RelayContext, blobs: Blobs, id: string, size: number): Promise<void> {
  const range = parseRange(ctx.get('range'), size);
  if (range === 'outside') {
    ctx.set('content-range', `bytes */${size}`);
    ctx.status = 416;
    return;
  }
  if (range) {
    ctx.status = 206;
    ctx.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  }
  ctx.length = range ? range.end - range.start + 1 : size;
  if (ctx.method !== 'HEAD') ctx.body = await blobs.read(id, range);
}
