import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { IsletError } from '../../../shared/errors.ts';
import { formatBlobId, isBlobId } from '../../../shared/file/blob-id.ts';
import { describeCause } from '../faults.ts';
import type { Blobs, ByteRange } from './blobs.ts';
import { createS3Requests, readElement, type S3Place, type S3Request } from './s3-requests.ts';
import { uploadBlob } from './s3-upload.ts';
import { createSoundness, type Soundness } from './soundness.ts';

export type { S3Place } from './s3-requests.ts';

interface S3 {
  readonly request: S3Request;
  readonly prefix: string;
  readonly soundness: Soundness;
}

/** How long the service may take at the start, in milliseconds. */
const startPatience = 8_000;

/**
 * Blobs as objects of a bucket, `<prefix><id>`.
 * @param report told when a broken upload could not be cleared away
 * @throws Error one line that names BLOBS and the cause
 */
export async function openS3Blobs(place: S3Place, report: (error: unknown) => void): Promise<Blobs> {
  await probe(place);
  const request = createS3Requests(place, { retries: 2 });
  const s3 = { request, prefix: place.prefix, soundness: createSoundness() };
  const write = (id: string, incoming: { bytes: AsyncIterable<Uint8Array>; limit: number }) =>
    uploadBlob(request, id, incoming, report).finally(() => s3.soundness.forget(id));
  return {
    size: async (id) => (await look(s3, id))?.size,
    write: (id, bytes, limit) => write(id, { bytes, limit }),
    async adopt(id, file, size) {
      const there = await write(id, {
        bytes: createReadStream(file, { highWaterMark: 1024 * 1024 }),
        limit: size,
      });
      if (there !== size) throw new IsletError('E-BLOB-SIZE', `${there} bytes were there, not ${size}`, id);
      await rm(file);
    },
    read: (id, range) => read(s3, id, range),
    list: () => list(s3),
    async remove(id) {
      s3.soundness.forget(id);
      const response = await request({ method: 'DELETE', key: id, accept: [404] });
      await response.body?.cancel();
    },
    verify: (id) => verify(s3, id),
  };
}

async function probe(place: S3Place): Promise<void> {
  // No blob has such a name: a list is allowed, and short.
  const query = { 'list-type': '2', 'max-keys': '1', prefix: `${place.prefix}probe` };
  const wait = { PUT: startPatience, other: startPatience };
  const request = createS3Requests(place, { retries: 0, wait });
  try {
    const response = await request({ query });
    await response.body?.cancel();
  } catch (error) {
    const why = describeCause(error instanceof IsletError ? error.value : error);
    const name = `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, '');
    throw new Error(`BLOBS: ${name} at ${place.endpoint} cannot be reached: ${why}`, { cause: error });
  }
}

interface Look {
  readonly size: number;
  /** Changes whenever the object does. */
  readonly mark: string;
  readonly etag: string;
}

function lookAt({ headers }: Response): Look {
  const [size, etag] = [Number(headers.get('content-length')), headers.get('etag') ?? ''];
  return { size, etag, mark: `${size} ${etag} ${headers.get('last-modified') ?? ''}` };
}

async function look({ request }: S3, id: string): Promise<Look | undefined> {
  const response = await request({ method: 'HEAD', key: id, accept: [404] });
  return response.status === 404 ? undefined : lookAt(response);
}

const notFound = (id: string) => new IsletError('E-CORE-NOTFOUND', 'no such blob', id);
const damaged = (id: string) =>
  new IsletError('E-BLOB-DAMAGED', 'the bytes are no longer what they were', id);

/** Part of an object has no hash of its own: all of it is read first, unless that was done before. */
async function read(s3: S3, id: string, range: ByteRange | undefined): Promise<Readable> {
  if (!range) return readWhole(s3, id);
  const { request, soundness } = s3;
  const there = await look(s3, id);
  if (!there) throw notFound(id);
  if (range.start === 0 && range.end === there.size - 1) return readWhole(s3, id);
  const sound = await soundness.ensure(id, there.mark, async () => (await verifyObject(s3, id)) === 'sound');
  if (!sound) throw damaged(id);
  const headers = { range: `bytes=${range.start}-${range.end}`, 'if-match': there.etag };
  const response = await request({ key: id, headers });
  const { size, etag } = lookAt(response);
  if (response.status !== 206 || etag !== there.etag || size !== range.end - range.start + 1) {
    await response.body?.cancel();
    throw new IsletError('E-SYS-UNAVAIL', 'the store of the blobs gave other bytes than were asked for', id);
  }
  return Readable.from(bodyOf(response), { objectMode: false });
}

async function readWhole({ request, soundness }: S3, id: string): Promise<Readable> {
  const response = await request({ key: id, accept: [404] });
  const { mark } = lookAt(response);
  const missing = response.status === 404;
  if (missing || (await soundness.recall(id, mark)) === false) {
    await response.body?.cancel();
    throw missing ? notFound(id) : damaged(id);
  }
  const settle = (sound: boolean) => soundness.note(id, mark, sound);
  return Readable.from(checked(bodyOf(response), id, settle), { objectMode: false });
}

/** Passes the bytes on, but for the last piece, which waits until the hash of all fits. */
async function* checked(bytes: AsyncIterable<Uint8Array>, id: string, settle: (sound: boolean) => void) {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  const sound = formatBlobId(hash.digest()) === id;
  settle(sound);
  if (!sound) throw damaged(id);
  if (held) yield held;
}

/** What breaks on the way is the store's doing. */
async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  try {
    for await (const piece of response.body) yield piece;
  } catch (error) {
    throw new IsletError('E-SYS-UNAVAIL', 'the store of the blobs broke off', error);
  }
}

async function verify(s3: S3, id: string) {
  s3.soundness.forget(id);
  return verifyObject(s3, id);
}

async function verifyObject({ request, soundness }: S3, id: string) {
  const response = await request({ key: id, accept: [404] });
  if (response.status === 404) {
    await response.body?.cancel();
    return 'missing';
  }
  const hash = createHash('sha256');
  for await (const piece of bodyOf(response)) hash.update(piece);
  const sound = formatBlobId(hash.digest()) === id;
  soundness.note(id, lookAt(response).mark, sound);
  return sound ? 'sound' : 'damaged';
}

/** Page by page; an answer that does not say whether it is the last one is no answer. */
async function* list({ request, prefix }: S3): AsyncGenerator<{ id: string; size: number }> {
  for (let token: string | undefined, more = true; more;) {
    const query = { 'list-type': '2', prefix, ...(token !== undefined && { 'continuation-token': token }) };
    const xml = await (await request({ query })).text();
    for (const [object] of xml.matchAll(/<Contents>.*?<\/Contents>/gs)) {
      const id = (readElement(object, 'Key') ?? '').slice(prefix.length);
      if (isBlobId(id)) yield { id, size: Number(readElement(object, 'Size')) };
    }
    token = readElement(xml, 'NextContinuationToken');
    const truncated = readElement(xml, 'IsTruncated');
    more = truncated === 'true';
    if ((!more && truncated !== 'false') || (more && !token))
      throw new IsletError('E-SYS-UNAVAIL', 'the store of the blobs did not list all of them', xml);
  }
}
