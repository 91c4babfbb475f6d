import type { Readable } from 'node:stream';
import { IsletError } from '../../shared/errors.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { RelayContext } from './context.ts';
import { type ByteRange, parseRange } from './range.ts';

export interface BlobAnswer {
  readonly blob: string;
  readonly type: string;
  /** Content-Disposition. */
  readonly disposition: string;
  readonly cacheControl: string;
  readonly etag: string;
}

/**
 * SPEC B6: bytes that somebody made. They never run as an origin of ours: not sniffed, in a sandbox without rights. A single
 * range (RFC 9110 §14), `If-Range`, `If-None-Match` and HEAD are heeded.
 * @throws IsletError E-CORE-NOTFOUND, E-BLOB-DAMAGED
 */
export async function sendBlob(ctx: RelayContext, blobs: Blobs, answer: BlobAnswer): Promise<void> {
  const size = await blobs.size(answer.blob);
  if (size === undefined) throw new IsletError('E-CORE-NOTFOUND', 'no such blob', answer.blob);
  const range = readRange(ctx, size, answer.etag);
  const isHeld = holdsTag(ctx.get('if-none-match'), answer.etag);
  // Damage shows here, before a word is said about the bytes.
  const body =
    ctx.method === 'HEAD' || isHeld || range === 'outside' ? undefined : await read(blobs, answer, range);
  setHeaders(ctx, answer);
  if (isHeld) {
    ctx.status = 304;
    return;
  }
  if (range === 'outside') {
    ctx.set('content-range', `bytes */${size}`);
    ctx.status = 416;
    return;
  }
  ctx.status = range ? 206 : 200;
  if (range) ctx.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  if (body) ctx.body = body;
  ctx.set('content-type', answer.type);
  ctx.length = range ? range.end - range.start + 1 : size;
}

function read(blobs: Blobs, { blob }: BlobAnswer, range: ByteRange | undefined): Promise<Readable> {
  return blobs.read(blob, range);
}

function setHeaders(ctx: RelayContext, { disposition, cacheControl, etag }: BlobAnswer): void {
  ctx.set({
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'content-disposition': disposition,
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag,
  });
}

/** RFC 9110 §13.1.5: a range of other bytes than the client has is no use to it. */
function readRange(ctx: RelayContext, size: number, etag: string): ByteRange | 'outside' | undefined {
  const condition = ctx.get('if-range');
  if (condition !== '' && condition !== etag) return undefined;
  return parseRange(ctx.get('range'), size);
}

/** RFC 9110 §13.1.2. */
function holdsTag(list: string, etag: string): boolean {
  return list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
