import type { IncomingMessage } from 'node:http';
import { IsletError } from '../../shared/errors.ts';
import { assertAllowed, assertBytes } from '../identity/access.ts';
import { collectYoung } from '../memory.ts';
import { readSession, type RelayContext } from './context.ts';
import { createSpend } from './spent-chunks.ts';

/** A sender of whom nothing comes between two looks, this many milliseconds apart, is given up. */
const silence = 10_000;

/** Of all requests together. */
const spend = createSpend(collectYoung);

/**
 * The bytes of a request as they come. Its connection stays, so that it can be answered whatever becomes of them; it ends
 * when nothing comes any more, or when the signal says so.
 */
export async function* readBytes(
  request: IncomingMessage,
  signal?: AbortSignal,
  patience = silence,
): AsyncGenerator<Uint8Array> {
  const seen = { chunks: 0, before: -1, waiting: true };
  const looks = setInterval(() => {
    if (seen.waiting && seen.chunks === seen.before) request.destroy();
    seen.before = seen.chunks;
  }, patience);
  const end = () => void request.destroy();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      seen.waiting = false;
      seen.chunks++;
      yield chunk;
      spend(chunk.length);
      seen.waiting = true;
    }
  } finally {
    clearInterval(looks);
    signal?.removeEventListener('abort', end);
  }
}

/** Bytes that the request says it brings; undefined when it does not say. */
export function readLength(ctx: RelayContext): number | undefined {
  const text = ctx.get('content-length');
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** @throws IsletError E-VAL-INVALID: what is hashed is what is sent */
export function assertPlain(ctx: RelayContext): void {
  const encoding = ctx.get('content-encoding');
  if (encoding !== '' && encoding !== 'identity')
    throw new IsletError('E-VAL-INVALID', 'bytes come as they are, without content encoding', encoding);
}

/** Runs what takes the bytes; those that it leaves are let past, so that the answer arrives. */
export async function takeBytes<T>(ctx: RelayContext, take: () => Promise<T>): Promise<T> {
  try {
    return await take();
  } finally {
    ctx.req.resume();
  }
}

/** The identity that is addressed, for a device of it that may bring bytes. @throws IsletError E-AUTH-*, E-DELEGATION-* */
export async function readBringer(ctx: RelayContext): Promise<string> {
  assertBytes((await readSession(ctx)).grant, 'file/create');
  return ctx.state.tenant.idTag;
}

/** The identity that is addressed, for a device of it that may do this. @throws IsletError E-AUTH-*, E-DELEGATION-* */
export async function readAllowed(ctx: RelayContext, act: string): Promise<string> {
  const { grant } = await readSession(ctx);
  assertAllowed(grant, act);
  return ctx.state.tenant.idTag;
}
