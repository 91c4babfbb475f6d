import { createReadStream } from 'node:fs';
import type { RelayContext } from './context.ts';
import { parseRange } from './range.ts';

export interface SentFile {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** As it is saved. */
  readonly name: string;
}

/** A file that never changes, as a download: a range (RFC 9110 §14) goes on where an earlier answer broke off. */
export function sendFile(ctx: RelayContext, { file, size, etag, name }: SentFile): void {
  const condition = ctx.get('if-range');
  const range = condition === '' || condition === etag ? parseRange(ctx.get('range'), size) : undefined;
  ctx.set({
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'private, no-store',
    'accept-ranges': 'bytes',
    etag,
  });
  if (range === 'outside') {
    ctx.set('content-range', `bytes */${size}`);
    ctx.status = 416;
    return;
  }
  ctx.status = range ? 206 : 200;
  if (range) ctx.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (ctx.method !== 'HEAD') ctx.body = createReadStream(file, { start, end });
  ctx.type = 'application/x-tar';
  ctx.length = end - start + 1;
}
