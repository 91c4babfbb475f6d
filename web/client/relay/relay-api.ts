import * as v from 'valibot';
import { isErrorCode, IsletError } from '../../../shared/errors.ts';
import { parse } from '../../../shared/parse.ts';
import { envelope, errorSchema } from '../../../shared/routes.ts';
import { wordRefusal } from './refusal-words.ts';

/** The relay did not answer: a normal state, tried again later. */
export class RelayUnreachable extends Error {
  override readonly name = 'RelayUnreachable';
}

/** Gives the access token of this device; `fresh` asks for a new one because the old was refused. */
export type AccessToken = (fresh: boolean) => Promise<string>;

export interface RelayApi {
  get<S extends v.GenericSchema>(path: string, answer: S): Promise<v.InferOutput<S>>;
  post<S extends v.GenericSchema>(path: string, body: unknown, answer: S): Promise<v.InferOutput<S>>;
  /** Says how something is from now on (PUT). */
  set<S extends v.GenericSchema>(path: string, body: unknown, answer: S): Promise<v.InferOutput<S>>;
  /** Changes parts of what is there (PATCH). */
  change<S extends v.GenericSchema>(path: string, body: unknown, answer: S): Promise<v.InferOutput<S>>;
  /** Uploads bytes. */
  put(path: string, bytes: Blob): Promise<void>;
  /** Uploads one piece of a resumable upload (SPEC W1), from `offset` on. */
  patch<S extends v.GenericSchema>(path: string, piece: Piece, answer: S): Promise<v.InferOutput<S>>;
  /** False when it was not there. */
  remove(path: string): Promise<boolean>;
  /** Downloads bytes, all or those from `start` up to `end`; undefined when the relay does not have them. */
  download(path: string, range?: ByteRange): Promise<Blob | undefined>;
}

export interface Piece {
  readonly bytes: Blob;
  readonly offset: number;
  readonly signal?: AbortSignal;
}

/** `end` is not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal;
}

/** Deadline of a request, in milliseconds. */
const deadline = 15_000;
const uploadDeadline = 10 * 60_000;

type Init = Omit<RequestInit, 'signal'> & { timeout?: number; signal?: AbortSignal | undefined };

async function request(url: string, init: Init): Promise<Response> {
  const { timeout = deadline, signal, ...rest } = init;
  const ends = AbortSignal.timeout(timeout);
  let response: Response;
  try {
    response = await fetch(url, {
      ...rest,
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, ends]) : ends,
    });
  } catch {
    signal?.throwIfAborted();
    throw new RelayUnreachable('The relay cannot be reached.');
  }
  // 502 is our relay's word about a neighbour, and is read; 429 is when it has our form, and else a proxy's.
  if (response.status >= 500 && response.status !== 502)
    throw new RelayUnreachable(`the relay answered ${response.status}`);
  return response;
}

/** A refusal has our form; anything else is a proxy speaking while the relay is away. */
async function readRefusal(response: Response): Promise<IsletError | RelayUnreachable> {
  const body: unknown = await response.json().catch(() => undefined);
  const refusal = v.safeParse(errorSchema, body);
  if (!refusal.success) return new RelayUnreachable(`the relay answered ${response.status}`);
  const { code, message, details } = refusal.output.error;
  // It asks for time (SPEC H2): nothing of what was asked is refused.
  if (code === 'E-CORE-RATELIMIT') return new RelayUnreachable(message);
  if (!isErrorCode(code)) return new IsletError('E-NET-FAILED', message, code, details);
  return new IsletError(code, wordRefusal(code, message), code, details);
}

/** Another token may do; what a person typed or showed does not become right by one. */
async function isStale(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const refusal = await readRefusal(response.clone());
  return !(refusal instanceof IsletError && refusal.code === 'E-VERIFY-FAILED');
}

async function readAnswer<S extends v.GenericSchema>(
  response: Response,
  answer: S,
): Promise<v.InferOutput<S>> {
  if (!response.ok) throw await readRefusal(response);
  const body: unknown = await response.json().catch(() => undefined);
  return (parse(envelope(answer), body, 'E-NET-FAILED') as { data: v.InferOutput<S> }).data;
}

function json(method: string, body: unknown): Init {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/**
 * The relay's HTTP API as a device sees it. With `accessToken` every request carries it, and a refused one is renewed once.
 * Throws RelayUnreachable when there is no answer, IsletError with the relay's code when it refuses.
 */
export function createRelayApi(base: string, accessToken?: AccessToken): RelayApi {
  async function send(path: string, init: Init, fresh = false): Promise<Response> {
    const headers = new Headers(init.headers);
    if (accessToken) headers.set('authorization', `Bearer ${await accessToken(fresh)}`);
    const response = await request(base + path, { ...init, headers });
    return accessToken && !fresh && (await isStale(response)) ? send(path, init, true) : response;
  }
  return {
    get: async (path, answer) => readAnswer(await send(path, {}), answer),
    post: async (path, body, answer) => readAnswer(await send(path, json('POST', body)), answer),
    set: async (path, body, answer) => readAnswer(await send(path, json('PUT', body)), answer),
    change: async (path, body, answer) => readAnswer(await send(path, json('PATCH', body)), answer),
    put: async (path, bytes) => {
      const headers = { 'content-type': 'application/octet-stream' };
      const response = await send(path, { method: 'PUT', body: bytes, headers, timeout: uploadDeadline });
      if (!response.ok) throw await readRefusal(response);
    },
    patch: async (path, { bytes, offset, signal }, answer) => {
      const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) };
      const init = { method: 'PATCH', body: bytes, headers, timeout: uploadDeadline, signal };
      return readAnswer(await send(path, init), answer);
    },
    remove: async (path) => {
      const response = await send(path, { method: 'DELETE' });
      if (!response.ok && response.status !== 404) throw await readRefusal(response);
      return response.ok;
    },
    download: async (path, range) => {
      const headers: HeadersInit = range ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
      const response = await send(path, { timeout: uploadDeadline, headers, signal: range?.signal });
      if (response.status === 404) return undefined;
      if (!response.ok) throw await readRefusal(response);
      return response.blob().catch(() => {
        range?.signal?.throwIfAborted();
        throw new RelayUnreachable('The relay went away in the middle of an answer.');
      });
    },
  };
}

/** The path segment of an identifier. */
export function segment(id: string): string {
  return `/${encodeURIComponent(id)}`;
}
