import { once } from 'node:events';
import { Agent, type ClientRequestArgs, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { IsletError } from '../../shared/errors.ts';
import { apiHost, type IdTag, isLocalName, parseIdTag } from '../../shared/identity/id-tag.ts';
import { type AddressBlock, createAddressCheck } from './addresses.ts';
import { readAnswer } from './read-answer.ts';
import type { FindOwnDoor, OwnDoor } from './own-door.ts';
import { createDnsResolve, type Resolve, resolveBySystem } from './resolve.ts';
import { createWaitingLines, type Limits, type WaitingLines } from './waiting-lines.ts';

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
  /** Total, in milliseconds, in place of the usual one: for what is large. */
  readonly deadline?: number;
  /** Gives it up at once (E-NET-FAILED). */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** Asks the API host of an identity: the one way out of this relay (SPEC N4, N5). */
export interface SafeFetch {
  /**
   * @param path begins with `/`
   * @throws IsletError E-VAL-ID-TAG, E-NET-ADDRESS (not allowed), E-NET-FAILED (not reached, too large, too slow)
   */
  (idTag: IdTag, path: string, ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

export interface GuardedFetch extends SafeFetch {
  /** A page of any host, over TLS and guarded in the same way (SPEC N7). @throws as above */
  page(host: string, path: string, ask: Ask): Promise<Answer>;
}

export type { FindOwnDoor, OwnDoor };

export interface SafeFetchParts {
  /** Our own name is under `.localhost`. */
  readonly local: boolean;
  /** Port of a `.localhost` neighbour. */
  readonly findPort: (idTag: IdTag) => Promise<number | undefined>;
  /** Identities of one relay are neighbours too, and reach each other without leaving the machine (SPEC N13). */
  readonly findOwnDoor?: FindOwnDoor;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  /** Addresses that are not public and may be connected to all the same. With them names are looked up as the system does. */
  readonly allowed?: readonly AddressBlock[];
  /** Total, from the first wait to the last byte, in milliseconds. */
  readonly deadline?: number;
  readonly limits?: Limits;
}

/** So few that a neighbour is not flooded, and so many in all that thousands of slow ones do not use up what a process may open. */
const usualLimits: Limits = { each: 8, all: 2_000, waiting: 64 };

interface Target {
  readonly host: string;
  readonly port: number;
}

export function createSafeFetch(parts: SafeFetchParts): GuardedFetch {
  const { local, findPort, allowed = [], connect = connectByTls, deadline = 10_000 } = parts;
  const resolve = parts.resolve ?? (allowed.length > 0 ? resolveBySystem : createDnsResolve());
  const isAllowed = createAddressCheck(allowed);
  const agent = new GuardedAgent({ isAllowed, resolve, connect, findOwnDoor: parts.findOwnDoor });
  const lines = createWaitingLines(parts.limits ?? usualLimits);
  const underWay = new Set<AbortController>();
  const askAt = async (target: Target, path: string, options: Ask): Promise<Answer> => {
    const ending = new AbortController();
    const giveUp = () => ending.abort(new Error('did not answer in time'));
    const patience = setTimeout(giveUp, options.deadline ?? deadline);
    const cutOff = () => ending.abort(new Error('was not waited for'));
    options.signal?.addEventListener('abort', cutOff);
    if (options.signal?.aborted) cutOff();
    underWay.add(ending);
    try {
      return await send({ agent, lines, target }, path, options, ending.signal);
    } finally {
      clearTimeout(patience);
      options.signal?.removeEventListener('abort', cutOff);
      underWay.delete(ending);
    }
  };
  const ask = async (idTag: IdTag, path: string, options: Ask): Promise<Answer> =>
    askAt(await findTarget(parseIdTag(idTag), local, findPort), path, options);
  return Object.assign(ask, {
    page: async (host: string, path: string, options: Ask) => {
      if (isLocalName(host) || !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host))
        throw new IsletError('E-NET-ADDRESS', 'not a host of the internet', host);
      return askAt({ host, port: 443 }, path, options);
    },
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

/** What decides where a connection goes. */
interface Ways {
  readonly isAllowed: (address: string) => boolean;
  readonly resolve: Resolve;
  readonly connect: Connect;
  readonly findOwnDoor: FindOwnDoor | undefined;
}

/** How long one of several addresses is tried, and how many of them. */
const tryFor = 3_000;
const mostTries = 4;

/**
 * Resolves once and connects to what was checked; literals never get here, since a name is asked for. Requests are
 * written to the socket it gives, so this is where TLS happens. (Node's own client: undici would double the relay's
 * memory at rest.)
 */
class GuardedAgent extends Agent {
  readonly #ways: Ways;

  constructor(ways: Ways) {
    super({ keepAlive: true, maxFreeSockets: 1, timeout: 10_000 });
    this.#ways = ways;
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
    const { findOwnDoor, resolve, isAllowed } = this.#ways;
    const own = findOwnDoor?.(host);
    if (own) return enterOwn(own, host, until);
    if (isLocalName(host)) return opened(connectTcp({ host: '127.0.0.1', port }), 'connect', until);
    const addresses = await unlessAborted(until, resolve(host));
    // One bad address spoils all: what a name has beside it was put there by the same hand.
    const refused = addresses.find((address) => !isAllowed(address));
    if (refused !== undefined || addresses.length === 0)
      throw new IsletError('E-NET-ADDRESS', `${host} has an address that is not public`, refused);
    const tries = addresses.slice(0, mostTries);
    return this.#connectToOne(tries, { port, servername: host }, until);
  }

  /** The first that takes the connection: a machine may have no way to some of them. */
  async #connectToOne(
    [address, ...others]: readonly string[],
    to: { port: number; servername: string },
    until: AbortSignal,
  ): Promise<Socket> {
    const signal = others.length > 0 ? AbortSignal.any([until, AbortSignal.timeout(tryFor)]) : until;
    try {
      const connecting = this.#ways.connect({ ...to, address: String(address) }, signal);
      return await unlessAborted(signal, connecting, (late) => late.destroy());
    } catch (error) {
      if (others.length === 0 || until.aborted) throw error;
      return this.#connectToOne(others, to, until);
    }
  }
}

/** How neighbours on the internet are connected to: TLS 1.2 or later, HTTP/1.1. */
export const connectByTls: Connect = ({ address, port, servername }, signal) => {
  const options = { host: address, port, servername, ALPNProtocols: ['http/1.1'] };
  // Said here, so that no variable of the environment says otherwise.
  const socket = connectTls({ ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  return opened(socket, 'secureConnect', signal);
};

/** With the same certificate as everybody else sees: one that does not fit is a fault here too. */
function enterOwn({ address, port, tls }: OwnDoor, servername: string, until: AbortSignal): Promise<Socket> {
  if (tls) return unlessAborted(until, connectByTls({ address, port, servername }, until));
  return opened(connectTcp({ host: address, port }), 'connect', until);
}

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

interface Way {
  readonly agent: Agent;
  readonly lines: WaitingLines;
  readonly target: Target;
}

async function send(way: Way, path: string, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const { host } = way.target;
  let leave: (() => void) | undefined;
  try {
    leave = await way.lines.enter(host, signal);
    const response = await exchange(formatOptions(way, path, ask, signal), ask.body);
    const bytes = await readAnswer(response, ask.limit);
    return { status: response.statusCode ?? 0, headers: response.headers, bytes };
  } catch (error) {
    if (error instanceof IsletError) throw error;
    const reason = signal.aborted ? (signal.reason as Error).message : describe(error);
    throw new IsletError('E-NET-FAILED', `${host} ${reason}`, error);
  } finally {
    leave?.();
  }
}

function formatOptions({ agent, target }: Way, path: string, ask: Ask, signal: AbortSignal): GuardedOptions {
  const { host, port } = target;
  const headers = {
    accept: 'application/json',
    ...ask.headers,
    host: port === 443 ? host : `${host}:${port}`,
    'accept-encoding': 'identity',
    ...(ask.body !== undefined && { 'content-length': String(Buffer.byteLength(ask.body)) }),
  };
  const method = ask.method ?? 'GET';
  return { agent, host, port, path, method, headers, signal, until: signal, maxHeaderSize: 16 * 1024 };
}

/** A kept connection may have been closed by the other side just now: then once more, on a new one. */
async function exchange(options: GuardedOptions, body: string | undefined): Promise<IncomingMessage> {
  const outgoing = request(options);
  try {
    return await new Promise((resolve, reject) => {
      // Errors that come after the response belong to whoever reads it; a change of protocol ends without any.
      outgoing.on('response', resolve).on('error', reject);
      outgoing.on('close', () => reject(new Error('closed without an answer')));
      outgoing.end(body);
    });
  } catch (error) {
    if (!outgoing.reusedSocket || !(error instanceof Error && 'code' in error && error.code === 'ECONNRESET'))
      throw error;
    return exchange(options, body);
  }
}

function describe(error: unknown): string {
  return `was not reached (${error instanceof Error && 'code' in error ? String(error.code) : 'network error'})`;
}
