import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  /** Another host name than that of the API, at the same address. */
  readonly host?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** @throws Error when the connection breaks or nothing comes in time */
export type Ask = (path: string, options?: AskOptions) => Promise<Answer>;

/** A WebSocket to the API host that was opened; a refused upgrade is an `end`, too. */
export interface OpenedSocket {
  /** Frames that came, oldest first. */
  readonly frames: Buffer[];
  send(frame: Uint8Array): void;
  /** Waits for frames until `found` gives something; undefined when the socket ended or time ran out. */
  until<T>(found: (frames: readonly Buffer[]) => T | undefined): Promise<T | undefined>;
  /** `4401`, or `HTTP 404` when there was no upgrade; undefined while it stays open. */
  end(): Promise<string | undefined>;
  close(): void;
}
export type OpenSocket = (path: string, headers?: Record<string, string>) => Promise<OpenedSocket>;

/** A connected socket to the node, TLS included, for this host name. */
export type Connect = (host: string) => Promise<Socket>;

/** How long anything may take, in milliseconds. */
const patience = 15_000;
const mostRetries = 3;

/** HTTP/1.1 over connections that are handed in; each request has its own. A node that asks for time (429) is given it. */
export function createAsk(apiHost: string, connect: Connect): Ask {
  const ask: Ask = async (path, options = {}) =>
    send(await connect(options.host ?? apiHost), apiHost, path, options);
  return async (path, options) => {
    for (let retries = 0; ; retries += 1) {
      const answer = await ask(path, options);
      const wait = Number(answer.headers['retry-after'] ?? 5);
      if (answer.status !== 429 || retries >= mostRetries || !(wait <= 60)) return answer;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  };
}

function send(socket: Socket, apiHost: string, path: string, options: AskOptions): Promise<Answer> {
  const { method = 'GET', headers = {}, body, host = apiHost } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ method, path, headers: { host, ...headers }, createConnection: () => socket });
    outgoing.setTimeout(patience, () => outgoing.destroy(new Error('nothing came in time')));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        socket.destroy();
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: answered } = incoming;
        resolve({ status, headers: answered, bytes, text: bytes.toString('utf8') });
      });
    });
    if (body !== undefined) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body);
  });
}

/** WebSockets over connections that are handed in. */
export function createOpenSocket(apiHost: string, connect: Connect): OpenSocket {
  return async (path, headers = {}) => {
    const connection = await connect(apiHost);
    const socket = new WebSocket(`ws://${apiHost}${path}`, {
      headers,
      createConnection: () => connection,
      handshakeTimeout: patience,
    });
    return settle(socket);
  };
}

/** Open, or ended already. */
async function settle(socket: WebSocket): Promise<OpenedSocket> {
  const frames: Buffer[] = [];
  const changed = new EventTarget();
  let ended: string | undefined;
  const change = (end?: string) => {
    ended ??= end;
    changed.dispatchEvent(new Event('change'));
  };
  socket.on('message', (frame: Buffer) => {
    frames.push(frame);
    change();
  });
  socket.on('unexpected-response', (_request, { statusCode }) => {
    change(`HTTP ${statusCode}`);
    socket.terminate();
  });
  socket.on('error', (error) => change(error.message));
  socket.on('close', (code) => change(String(code)));
  socket.on('open', () => change());
  const wait = async <T>(look: () => T | undefined): Promise<T | undefined> => {
    const late = AbortSignal.timeout(patience);
    for (let found = look(); ; found = look()) {
      if (found !== undefined || ended !== undefined || late.aborted) return found;
      await Promise.race([once(changed, 'change'), once(late, 'abort')]);
    }
  };
  await wait(() => socket.readyState === WebSocket.OPEN || undefined);
  return {
    frames,
    send: (frame) => socket.send(frame),
    until: (found) => wait(() => found(frames)),
    end: () => wait(() => ended),
    close: () => socket.terminate(),
  };
}
