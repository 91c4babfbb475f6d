import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import { type Certificate, createRenewal, readCertificate } from './certificate.ts';

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Listening {
  readonly servers: readonly Server[];
  readonly port: number;
  /** Requests that came earlier have waited for this. */
  serve(handle: RequestListener, upgrade: Upgrade): void;
  /** Takes a certificate that was renewed. @throws Error when it cannot be used; the one before stays */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** Deadlines in milliseconds; that of a whole request leaves room for an upload over a slow line. */
const deadlines: ServerOptions = {
  headersTimeout: 15_000,
  requestTimeout: 15 * 60_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

/** A connection on which nothing moves for so long is ended, in milliseconds: also of who does not read an answer. */
const silence = 5 * 60_000;
/** More are not taken: below what a process may open. */
const mostConnections = 10_000;

/** How long somebody who connects may take for the TLS handshake, in milliseconds. */
const handshakeTimeout = 15_000;

/** Addresses that a machine may lack (no IPv6), as long as the first one is there. */
const optional = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Listens on every address at one port. @throws Error in words, when the port is taken or may not be used */
export async function listen({ listen: { addresses, port }, tls }: Config): Promise<Listening> {
  const handler = Promise.withResolvers<RequestListener>();
  const wait: RequestListener = (request, response) => {
    void handler.promise.then((handle) => handle(request, response));
  };
  const certificate = tls && (await readCertificate(tls));
  const servers: (Server | HttpsServer)[] = [];
  let taken = port;
  for (const address of addresses) {
    const server = createServer(certificate, wait);
    const bound = await bind(server, address, taken, servers.length > 0);
    if (bound === undefined) continue;
    taken = bound;
    servers.push(server);
  }
  const renew = tls && certificate && createRenewal(tls, certificate, servers.filter(isHttps));
  return {
    servers,
    port: taken,
    renew: async () => renew?.(),
    serve(handle, upgrade) {
      for (const server of servers) server.on('upgrade', upgrade);
      handler.resolve(handle);
    },
    close: async () => void (await Promise.all(servers.map(closeServer))),
  };
}

function createServer(certificate: Certificate | undefined, wait: RequestListener): Server | HttpsServer {
  const server = certificate
    ? createHttpsServer({ ...deadlines, ...certificate, handshakeTimeout }, wait)
    : createHttpServer(deadlines, wait);
  server.maxConnections = mostConnections;
  server.timeout = silence;
  return server;
}

function isHttps(server: Server | HttpsServer): server is HttpsServer {
  return 'setSecureContext' in server;
}

async function bind(server: Server, host: string, port: number, more: boolean): Promise<number | undefined> {
  server.listen({ host, port, exclusive: true, ...(host.includes(':') && more && { ipv6Only: true }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (more && optional.includes(code)) return undefined;
    if (code === 'EADDRINUSE')
      throw new Error(`port ${port} is in use; choose another with --port`, { cause: error });
    if (code === 'EACCES')
      throw new Error(`port ${port} is not open to this user; choose another with --port`, { cause: error });
    throw error;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), 2000);
  await closed;
  clearTimeout(patience);
}
