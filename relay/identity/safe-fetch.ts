import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Agent, type ClientRequestArgs, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { connect as connectTcp, Socket } from 'node:net';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { IsletError } from '../../shared/errors.ts';
import { apiHost, type IdTag, isLocalName, parseIdTag } from '../../shared/identity/id-tag.ts';
import { isPublicAddress } from './addresses.ts';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;
/** A connected socket to an address that was checked; given up, and destroyed, when the signal says so. */
export type Connect = (
  to: { address: string; port: number; servername: string },
  signal: AbortSignal,
) => Promise<Socket>;

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Most bytes of the answer after decompression. */
  readonly limit: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Asks the API host of an identity: the one way out of this relay. */
export interface SafeFetch {
  /**
   * @param path begins with `/`
   * @throws IsletError E-NET-ADDRESS (not allowed), E-NET-FAILED (not reached, too large, too slow)
   */
  (idTag: IdTag, path: string, ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

export interface SafeFetchParts {
  /** Our own name is under `.localhost`. */
  readonly local: boolean;
  /** Port of a `.localhost` neighbour. */
  readonly findPort: (idTag: IdTag) => Promise<number | undefined>;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  /** Total, from the look-up to the last byte, in milliseconds. */
  readonly deadline?: number;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

export function createSafeFetch(parts: SafeFetchParts): SafeFetch {
  const { local, findPort, resolve = resolveByDns, connect = connectByTls, deadline = 10_000 } = parts;
  const agent = new GuardedAgent(resolve, connect);
  const underWay = new Set<AbortController>();
  const ask = async (idTag: IdTag, path: string, options: Ask): Promise<Answer> => {
    const target = await findTarget(parseIdTag(idTag), local, findPort);
    const ending = new AbortController();
    const patience = setTimeout(() => ending.abort(new Error('did not answer in time')), deadline);
    underWay.add(ending);
    try {
      return await send(agent, target, path, options, ending.signal);
    } finally {
      clearTimeout(patience);
      underWay.delete(ending);
    }
  };
  return Object.assign(ask, {
    close: () => {
      for (const ending of underWay) ending.abort(new Error('was not waited for: this relay is stopping'));
      agent.destroy();
      return Promise.resolve();
    },
  });
}

async function findTarget(
  idTag: IdTag,
  local: boolean,
  findPort: SafeFetchParts['findPort'],
): Promise<Target> {
  if (!isLocalName(idTag)) return { host: apiHost(idTag), port: 443 };
  if (!local)
    throw new IsletError('E-NET-ADDRESS', 'names under .localhost mean nothing on the internet', idTag);
  const port = await findPort(idTag);
  if (port === undefined)
    throw new IsletError('E-NET-FAILED', `no relay for ${idTag} has run on this machine`, idTag);
  return { host: apiHost(idTag), port };
}

/** Node takes the request's own `signal` out of what the agent gets, so it comes under another name. */
interface GuardedOptions extends RequestOptions {
  readonly until: AbortSignal;
}

/**
 * Resolves once and connects to what was checked; literals never get here, since a name is asked for. Requests are
 * written to the socket it gives, so this is where TLS happens. (Node's own client: undici would double the relay's
 * memory at rest.)
 */
class GuardedAgent extends Agent {
  readonly #resolve: Resolve;
  readonly #connect: Connect;

  constructor(resolve: Resolve, connect: Connect) {
    super({ keepAlive: true, maxSockets: 8, maxFreeSockets: 1, timeout: 10_000 });
    this.#resolve = resolve;
    this.#connect = connect;
  }

  override createConnection(
    { host, port, until }: ClientRequestArgs & GuardedOptions,
    done?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    this.#open(String(host), Number(port), until).then(
      (socket) => done?.(null, socket),
      // The callback's type has no place for "no socket"; with an error it is not looked at.
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error)), new Socket()),
    );
  }

  async #open(host: string, port: number, until: AbortSignal): Promise<Socket> {
    if (isLocalName(host)) return opened(connectTcp({ host: '127.0.0.1', port }), 'connect', until);
    const address = (await unlessAborted(until, this.#resolve(host))).find(isPublicAddress);
    if (address === undefined) throw new IsletError('E-NET-ADDRESS', `${host} has no public address`, host);
    const connecting = this.#connect({ address, port, servername: host }, until);
    return unlessAborted(until, connecting, (late) => late.destroy());
  }
}

async function resolveByDns(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** How neighbours on the internet are connected to: TLS 1.2 or later, HTTP/1.1. */
export const connectByTls: Connect = ({ address, port, servername }, signal) => {
  const socket = connectTls({ host: address, port, servername, ALPNProtocols: ['http/1.1'] });
  return opened(socket, 'secureConnect', signal);
};

async function opened(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

/** What `work` gives, unless the signal comes first; what comes after it is given to `discard`. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>, discard?: (late: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('given up', { cause: signal.reason }));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work
      .then((value) => {
        if (signal.aborted) discard?.(value);
        resolve(value);
      }, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}

async function send(
  agent: Agent,
  { host, port }: Target,
  path: string,
  ask: Ask,
  signal: AbortSignal,
): Promise<Answer> {
  const headers = {
    host: port === 443 ? host : `${host}:${port}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(ask.body !== undefined && { 'content-length': String(Buffer.byteLength(ask.body)) }),
    ...ask.headers,
  };
  const options = {
    agent,
    host,
    port,
    path,
    method: ask.method ?? 'GET',
    headers,
    signal,
    until: signal,
    maxHeaderSize: 16 * 1024,
  };
  try {
    const response = await exchange(options, ask.body);
    const bytes = await readLimited(decompress(response, response.headers['content-encoding']), ask.limit);
    return { status: response.statusCode ?? 0, headers: response.headers, bytes };
  } catch (error) {
    if (error instanceof IsletError) throw error;
    const reason = signal.aborted ? (signal.reason as Error).message : describe(error);
    throw new IsletError('E-NET-FAILED', `${host} ${reason}`, error);
  }
}

/** A kept connection may have been closed by the other side just now: then once more, on a new one. */
async function exchange(options: GuardedOptions, body: string | undefined): Promise<IncomingMessage> {
  const outgoing = request(options);
  outgoing.end(body);
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    if (!outgoing.reusedSocket || !(error instanceof Error && 'code' in error && error.code === 'ECONNRESET'))
      throw error;
    return exchange(options, body);
  } finally {
    // Errors that come later belong to whoever reads the response.
    outgoing.on('error', () => undefined);
  }
}

function describe(error: unknown): string {
  return `was not reached (${error instanceof Error && 'code' in error ? String(error.code) : 'network error'})`;
}

const decompressors = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['deflate', createInflate],
]);

function decompress(body: Readable, encoding: string | string[] | undefined): Readable {
  if (encoding === undefined || encoding === 'identity') return body;
  const stage = decompressors.get(String(encoding))?.();
  if (!stage)
    throw new IsletError('E-NET-FAILED', 'the answer has an encoding that was not asked for', encoding);
  return pipeline(body, stage, () => undefined);
}

async function readLimited(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new IsletError('E-NET-FAILED', `the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
