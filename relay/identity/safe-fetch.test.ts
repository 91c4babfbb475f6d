import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { isErrorCode, IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { connectByTls, createSafeFetch, type SafeFetch, type SafeFetchParts } from './safe-fetch.ts';

const bob = parseIdTag('bob.test');

describe('the one way out', () => {
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  const serve = async (listener: RequestListener): Promise<number> => {
    const server: Server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push({ close: () => server.closeAllConnections() }, server);
    return (server.address() as { port: number }).port;
  };

  const create = (addresses: readonly string[], port: number, connected: string[] = []): SafeFetch => {
    const fetch = createSafeFetch({
      local: false,
      findPort: () => Promise.resolve(port),
      resolve: () => Promise.resolve(addresses),
      connect: async ({ address }) => {
        connected.push(address);
        const socket = connectTcp({ host: '127.0.0.1', port });
        await once(socket, 'connect');
        return socket;
      },
    });
    opened.push(fetch);
    return fetch;
  };

  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof IsletError && isErrorCode(error.code) ? error.code : String(error);
  };

  test('connects to the address that was checked, and to no other', async () => {
    const port = await serve((_request, response) => response.end('{}'));
    const connected: string[] = [];
    await create(['10.0.0.1', '1.1.1.1'], port, connected)(bob, '/api/me', { limit: 100 });
    expect(connected).toEqual(['1.1.1.1']);
    expect(await codeOf(create(['127.0.0.1', '::1'], port, connected)(bob, '/', { limit: 100 }))).toBe(
      'E-NET-ADDRESS',
    );
    expect(connected).toHaveLength(1);
  });

  test('names under .localhost are nothing to a relay on the internet', async () => {
    const fetch = create(['1.1.1.1'], 1);
    expect(await codeOf(fetch(parseIdTag('bob.localhost'), '/', { limit: 1 }))).toBe('E-NET-ADDRESS');
  });

  test('redirects are not followed', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://evil.test/' }).end(),
    );
    const connected: string[] = [];
    expect((await create(['1.1.1.1'], port, connected)(bob, '/', { limit: 100 })).status).toBe(302);
    expect(connected).toHaveLength(1);
  });

  test('the limit counts what comes out of the compression', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000))),
    );
    const fetch = create(['1.1.1.1'], port);
    expect((await fetch(bob, '/', { limit: 100_000 })).bytes).toHaveLength(100_000);
    expect(await codeOf(fetch(bob, '/', { limit: 99_999 }))).toBe('E-NET-FAILED');
  });

  /** Takes connections and never says a word. */
  const openTarpit = async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy()).resume();
      sockets.push(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push({ close: () => sockets.forEach((socket) => socket.destroy()) }, server);
    return { sockets, port: (server.address() as { port: number }).port };
  };

  const createPatient = (deadline: number, change: Partial<SafeFetchParts>): SafeFetch => {
    const resolve = () => Promise.resolve(['1.1.1.1']);
    const findPort = () => Promise.resolve(undefined);
    const fetch = createSafeFetch({ local: false, findPort, resolve, deadline, ...change });
    opened.push(fetch);
    return fetch;
  };
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('a TLS handshake that is not answered ends with the deadline, and its socket with it', async () => {
    const { sockets, port } = await openTarpit();
    const fetch = createPatient(300, {
      connect: (to, signal) => connectByTls({ ...to, address: '127.0.0.1', port }, signal),
    });
    const start = Date.now();
    const asked = Array.from({ length: 20 }, () => codeOf(fetch(bob, '/', { limit: 10 })));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['E-NET-FAILED']));
    expect(Date.now() - start).toBeLessThan(2_000);
    await until(() => sockets.every(({ destroyed }) => destroyed));
  });

  test('so does a look-up that never answers, and a connection that comes too late is closed', async () => {
    const silent = createPatient(200, { resolve: () => new Promise(() => undefined) });
    expect(await codeOf(silent(bob, '/', { limit: 10 }))).toBe('E-NET-FAILED');
    const { sockets, port } = await openTarpit();
    const late = createPatient(100, {
      connect: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const socket = connectTcp({ host: '127.0.0.1', port });
        await once(socket, 'connect');
        return socket;
      },
    });
    expect(await codeOf(late(bob, '/', { limit: 10 }))).toBe('E-NET-FAILED');
    await until(() => sockets.length > 0 && sockets.every(({ destroyed }) => destroyed));
  });

  test('closing gives up what is being connected', async () => {
    const { sockets, port } = await openTarpit();
    const fetch = createPatient(60_000, {
      connect: (to, signal) => connectByTls({ ...to, address: '127.0.0.1', port }, signal),
    });
    const asked = codeOf(fetch(bob, '/', { limit: 10 }));
    await until(() => sockets.length === 1);
    await fetch.close();
    expect(await asked).toBe('E-NET-FAILED');
    await until(() => sockets.every(({ destroyed }) => destroyed));
  });

  test('a slow answer ends with the total deadline', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 500);
      response.on('close', () => clearInterval(timer));
    });
    const start = Date.now();
    expect(await codeOf(create(['1.1.1.1'], port)(bob, '/', { limit: 1000 }))).toBe('E-NET-FAILED');
    expect(Date.now() - start).toBeLessThan(12_000);
  });
});
