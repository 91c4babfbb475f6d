import { createHash } from 'node:crypto';
import { IsletError } from '../../../shared/errors.ts';
import { formatBlobId } from '../../../shared/file/blob-id.ts';
import { readElement, type S3Request } from './s3-requests.ts';

/** What is sent in one request, and the most that is in memory for one upload. */
export const pieceSize = 8 * 1024 * 1024;

const hexHash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Sends a blob as it comes: in one request when it is small, in pieces that only become an object at the end when not.
 * @throws IsletError E-BLOB-HASH, E-BLOB-SIZE, E-SYS-UNAVAIL; nothing is left then
 */
export async function uploadBlob(
  request: S3Request,
  id: string,
  { bytes, limit }: { bytes: AsyncIterable<Uint8Array>; limit: number },
  report: (error: unknown) => void,
): Promise<number> {
  const hash = createHash('sha256');
  let size = 0;
  let parts: Parts | undefined;
  try {
    let last: Uint8Array<ArrayBuffer> = new Uint8Array();
    for await (const { piece, more } of cutPieces(bytes)) {
      size += piece.length;
      if (size > limit) throw new IsletError('E-BLOB-SIZE', `a blob has at most ${limit} bytes here`);
      hash.update(piece);
      last = piece;
      if (!more) break;
      parts ??= await beginParts(request, id);
      await parts.send(piece);
    }
    const digest = hash.digest();
    if (formatBlobId(digest) !== id)
      throw new IsletError('E-BLOB-HASH', 'the bytes do not have this hash', id);
    if (parts) await parts.finish(last);
    else await putObject(request, id, { body: last, hash: digest.toString('hex') });
    return size;
  } catch (error) {
    await parts?.abort().catch(report);
    throw error;
  }
}

async function putObject(
  request: S3Request,
  key: string,
  what: { body: Uint8Array<ArrayBuffer>; hash: string },
): Promise<void> {
  const response = await request({ method: 'PUT', key, ...what });
  await response.body?.cancel();
}

/** Pieces of the full size but for the last, which may be empty when it is the only one. */
async function* cutPieces(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ piece: Uint8Array<ArrayBuffer>; more: boolean }> {
  let piece = new Uint8Array(pieceSize);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      if (filled === pieceSize) {
        yield { piece, more: true };
        piece = new Uint8Array(pieceSize);
        filled = 0;
      }
      const taken = chunk.subarray(at, at + pieceSize - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield { piece: piece.subarray(0, filled), more: false };
}

interface Parts {
  send(piece: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Sends the last one and makes the object of them. */
  finish(last: Uint8Array<ArrayBuffer>): Promise<void>;
  abort(): Promise<void>;
}

async function beginParts(request: S3Request, key: string): Promise<Parts> {
  const begun = await request({ method: 'POST', key, query: { uploads: '' } });
  const uploadId = readElement(await begun.text(), 'UploadId');
  if (!uploadId) throw new IsletError('E-SYS-UNAVAIL', 'the store of the blobs did not begin an upload');
  const etags: string[] = [];
  const send = async (piece: Uint8Array<ArrayBuffer>) => {
    const query = { partNumber: String(etags.length + 1), uploadId };
    const response = await request({ method: 'PUT', key, query, body: piece, hash: hexHash(piece) });
    await response.body?.cancel();
    etags.push(response.headers.get('etag') ?? '');
  };
  return {
    send,
    async finish(last) {
      await send(last);
      const body = new Uint8Array(Buffer.from(formatCompletion(etags)));
      const ended = await request({ method: 'POST', key, query: { uploadId }, body, hash: hexHash(body) });
      // S3 begins to answer 200 before it knows how the work will end.
      const text = await ended.text();
      if (!text.includes('<CompleteMultipartUploadResult'))
        throw new IsletError('E-SYS-UNAVAIL', 'the store of the blobs did not end an upload', text);
    },
    async abort() {
      const response = await request({ method: 'DELETE', key, query: { uploadId } });
      await response.body?.cancel();
    },
  };
}

function formatCompletion(etags: readonly string[]): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const parts = etags.map(
    (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${escape(etag)}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
}
