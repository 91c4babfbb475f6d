import { base64urlToBytes } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { parseDescriptor } from '../../../shared/file/descriptor.ts';
import { headerLength, openRange, openSeal, sealedSize } from '../../../shared/file/sealed.ts';
import type { SealedContent } from '../../../shared/file/sealed-entry.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import type { DocumentRow } from '../store/database.ts';
import { type ByteRange, parseRange } from './byte-range.ts';
import { type BlobSource, readPieces } from './blob-source.ts';

export interface FileSources {
  entry(
    id: string,
  ): Promise<Pick<DocumentRow, 'id' | 'title' | 'mime' | 'descriptor' | 'sealed'> | undefined>;
  /** @throws IsletError E-SEALED-* */
  open(entry: { id: string; sealed: string }): Promise<SealedContent>;
  /** A blob of `size` bytes, from this device or the relay. @throws RelayUnreachable; IsletError E-CORE-NOTFOUND, E-BLOB-DAMAGED */
  source(blob: string, size: number, whole: boolean): Promise<BlobSource>;
}

/** One variant as the app asks for it: plain bytes of `size`, whatever they are kept as. */
interface Wanted {
  readonly title: string;
  readonly type: string;
  readonly blob: string;
  readonly size: number;
  /** Of sealed bytes; base64url. */
  readonly key?: string;
}

/** What a browser may show where it is asked for: nothing of it can run. SVG and HTML are not here, and never will be. */
const shown = /^(?:image\/(?:png|jpeg|webp|gif|avif)|(?:audio|video)\/[\w.+-]+)$/;
/** Shown as text, whatever they are to other programs. */
const texts = /^text\/(?!html\b)[\w.+-]+$|^application\/(?:json|toml|yaml|x-sh|sql)$/;

/** Answers `GET /_islet/file/<entry id>/<variant>`. */
export async function serveFile(request: Request, sources: FileSources): Promise<Response> {
  const url = new URL(request.url);
  const match = /^\/_islet\/file\/([0-9A-Za-z]{24})\/([a-z]{3}\.[a-z]{2,4})$/.exec(url.pathname);
  if (!match) return refuse(404, 'E-CORE-NOTFOUND', 'There is no such file.');
  try {
    const wanted = await findWanted(match[1]!, match[2]!, sources);
    return await answer(request, wanted, { sources, download: url.searchParams.has('download') });
  } catch (error) {
    if (error instanceof IsletError) return refuse(error.status, error.code, error.message);
    if (error instanceof RelayUnreachable)
      return refuse(503, 'E-SYS-UNAVAIL', 'This file is not on this device, and the relay is away.');
    throw error;
  }
}

/** In words, for whoever asks why a picture does not show: the header says it to programs. */
export function refuse(status: number, code: string, message: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'islet-error': code, ...inert };
  return new Response(message, { status, headers });
}

/** SPEC B6: whatever it is, it does not run as this app. */
const inert = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

async function findWanted(id: string, name: string, sources: FileSources): Promise<Wanted> {
  const entry = await sources.entry(id);
  const { sealed, descriptor } = entry ?? {};
  if (entry && sealed !== undefined) {
    const { title, mime, variants } = await sources.open({ id, sealed });
    const found = variants.find((variant) => variant.name === name);
    if (found) return { title, type: typeOf(found, mime), ...found };
  } else if (entry && descriptor !== undefined) {
    const found = parseDescriptor(descriptor).find((variant) => variant.name === name);
    if (found)
      return { title: entry.title, type: typeOf(found, entry.mime), blob: found.blob, size: found.size };
  }
  throw new IsletError('E-CORE-NOTFOUND', 'There is no such file.', id);
}

/** Renditions are pictures that a device or relay made; the original is what its owner says. */
function typeOf({ name, format }: { name: string; format: string }, mime = ''): string {
  return name.endsWith('.orig') ? mime.toLowerCase() : `image/${format}`;
}

async function answer(
  request: Request,
  wanted: Wanted,
  { sources, download }: { sources: FileSources; download: boolean },
): Promise<Response> {
  const { size, blob } = wanted;
  const headers = new Headers({ ...inert, 'accept-ranges': 'bytes', etag: `"${blob}"` });
  const { type, inline } = showAs(wanted.type);
  headers.set('content-type', type);
  headers.set('content-disposition', disposition(inline && !download, wanted.title));
  const range = parseRange(request.headers.get('range') ?? '', size);
  if (range === 'outside') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  const part = range ?? { start: 0, end: size - 1 };
  headers.set('content-length', String(part.end - part.start + 1));
  const body = await readContent(wanted, part, { sources, whole: range === undefined });
  return new Response(body, { status: range ? 206 : 200, headers });
}

function showAs(type: string): { type: string; inline: boolean } {
  if (texts.test(type)) return { type: 'text/plain; charset=utf-8', inline: true };
  if (type === 'application/pdf') return { type, inline: false };
  return shown.test(type) ? { type, inline: true } : { type: 'application/octet-stream', inline: false };
}

/** RFC 6266, with the name as RFC 5987 writes it. */
function disposition(inline: boolean, title: string): string {
  const name = encodeURIComponent(title.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`;
}

/** The bytes of a part, piece by piece; rejects when already the first cannot be had, so that it can be told. */
async function readContent(
  { blob, size, key }: Wanted,
  part: ByteRange,
  { sources, whole }: { sources: FileSources; whole: boolean },
): Promise<ReadableStream<Uint8Array> | Blob> {
  if (key === undefined) {
    const source = await sources.source(blob, size, whole);
    return source.here?.slice(part.start, part.end + 1) ?? toStream(readPieces(source, part));
  }
  const sealed = await openSource({ blob, size, key }, { sources, whole });
  return toStream(openRange(sealed.source.read, sealed.seal, { ...part, size }));
}

async function openSource(
  { blob, size, key }: { blob: string; size: number; key: string },
  { sources, whole }: { sources: FileSources; whole: boolean },
) {
  const source = await sources.source(blob, sealedSize(size), whole);
  const header = await source.read({ start: 0, end: headerLength - 1 });
  return { source, seal: await openSeal(header, base64urlToBytes(key)) };
}

/** Read as fast as it is wanted, and no further. */
async function toStream(pieces: AsyncGenerator<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  let next: IteratorResult<Uint8Array, unknown> | undefined = await pieces.next();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = next ?? (await pieces.next());
      next = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
