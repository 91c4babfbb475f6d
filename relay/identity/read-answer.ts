import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { IsletError } from '../../shared/errors.ts';

const decompressors = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['deflate', createInflate],
]);

/**
 * The body of an answer, decompressed. It is cut off, and its connection closed, as soon as it is larger than that.
 * @param limit bytes after decompression
 * @throws IsletError E-NET-FAILED, or what the connection or the decompression failed with
 */
export async function readAnswer(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const body = decompress(answer);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new IsletError('E-NET-FAILED', `the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decompress(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding']?.toLowerCase();
  const isEmpty = answer.statusCode === 204 || answer.statusCode === 304;
  if (encoding === undefined || encoding === 'identity' || isEmpty) return answer;
  const stage = decompressors.get(encoding)?.();
  // Who reads from the last of a pipeline gets its errors.
  if (stage) return pipeline(answer, stage, () => undefined);
  answer.destroy();
  throw new IsletError('E-NET-FAILED', 'the answer has an encoding that was not asked for', encoding);
}
