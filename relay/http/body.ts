import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Context } from 'koa';
import type * as v from 'valibot';
import { IsletError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parse.ts';

const decompressors = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['deflate', createInflate],
]);

/**
 * The JSON body of a request; `limit` counts decompressed bytes.
 * @throws IsletError E-CORE-TOOLARGE, E-VAL-INVALID
 */
export async function readJson<S extends v.GenericSchema>(
  ctx: Context,
  schema: S,
  limit: number,
): Promise<v.InferOutput<S>> {
  if (Number(ctx.get('content-length')) > limit) throw tooLarge(limit);
  const body = await collect(decompress(ctx.req, ctx.get('content-encoding')), limit);
  assertShallow(body);
  return parseJson(schema, body.toString('utf8'));
}

function decompress(request: IncomingMessage, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return request;
  const stage = decompressors.get(encoding)?.();
  if (!stage) throw new IsletError('E-VAL-INVALID', 'this content encoding is not known here', encoding);
  return pipeline(request, stage, () => undefined);
}

/** How long a body may take to come, in milliseconds. */
const deadline = 30_000;

async function collect(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const patience = setTimeout(() => body.destroy(new Error('too slow')), deadline);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof IsletError) throw error;
    throw new IsletError(
      'E-VAL-INVALID',
      'the body ended early, was too slow, or is not compressed as it says',
      error,
    );
  } finally {
    clearTimeout(patience);
  }
  return Buffer.concat(chunks);
}

/** What nests deeper than anything of ours would be walked through by recursion. */
const deepest = 64;
const [quote, backslash, bracket, brace] = [0x22, 0x5c, 0x5b, 0x7b];

/** @throws IsletError E-VAL-INVALID */
function assertShallow(json: Buffer): void {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (isText && byte === backslash) i++;
    else if (byte === quote) isText = !isText;
    else if (isText) continue;
    else if (byte === bracket || byte === brace) depth++;
    else if (byte === bracket + 2 || byte === brace + 2) depth--;
    if (depth > deepest) throw new IsletError('E-VAL-INVALID', `JSON here nests at most ${deepest} deep`);
  }
}

function tooLarge(limit: number): IsletError {
  return new IsletError('E-CORE-TOOLARGE', `a body here has at most ${limit} bytes`);
}
