import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
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

  const create = (
    addresses: readonly string[],
    port: number,
    connected: string[] = [],
    limits?: SafeFetchParts['limits'],
  ): SafeFetch => {
    const fetch = createSafeFetch({
      local: false,
      deadline: 60_000,
      ...(limits && { limits }),
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

  test('N4: connects to the address that was checked, and to no other', async () => {
    const port = await serve((_request, response) => response.end('{}'));
    const connected: string[] = [];
    await create(['1.1.1.1', '1.0.0.1'], port, connected)(bob, '/api/me', { limit: 100 });
    expect(connected).toEqual(['1.1.1.1']);
    for (const addresses of [['127.0.0.1', '::1'], ['1.1.1.1', '10.0.0.1'], []])
      expect(await codeOf(create(addresses, port, connected)(bob, '/', { limit: 100 }))).toBe(
        'E-NET-ADDRESS',
      );
    expect(connected).toHaveLength(1);
  });

  test('names under .localhost are nothing to a relay on the internet', async () => {
    const fetch = create(['1.1.1.1'], 1);
    expect(await codeOf(fetch(parseIdTag('bob.localhost'), '/', { limit: 1 }))).toBe('E-NET-ADDRESS');
  });

  test('N4: redirects are not followed', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: 'https://evil.test/' }).end(),
    );
    const connected: string[] = [];
    expect((await create(['1.1.1.1'], port, connected)(bob, '/', { limit: 100 })).status).toBe(302);
    expect(connected).toHaveLength(1);
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['identity', (bytes: Buffer) => bytes],
  ] as const)('N5: the limit counts what comes out of %s', async (encoding, compress) => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.alloc(100_000))),
    );
    const fetch = create(['1.1.1.1'], port);
    expect((await fetch(bob, '/', { limit: 100_000 })).bytes).toHaveLength(100_000);
    expect(await codeOf(fetch(bob, '/', { limit: 99_999 }))).toBe('E-NET-FAILED');
  });

  /** Serves an answer that is not read to its end, and gives what became of its connection. */
  const serveCut = async (headers: Record<string, string>, piece: Buffer) => {
    const fate = { closed: false };
    const port = await serve((_request, response) => {
      response.on('error', () => undefined).on('close', () => (fate.closed = true));
      response.writeHead(200, headers);
      const pour = () => {
        while (!response.destroyed && response.write(piece));
        response.once('drain', pour);
      };
      pour();
    });
    return { port, fate };
  };

  test('N5: a bomb is cut off, and so is an answer without end or in an unknown encoding', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    for (const [headers, piece] of [
      [{ 'content-encoding': 'gzip' }, bomb],
      [{}, Buffer.alloc(10_000)],
      [{ 'content-encoding': 'gzip, gzip' }, bomb],
    ] as const) {
      const { port, fate } = await serveCut(headers, piece);
      expect(await codeOf(create(['1.1.1.1'], port)(bob, '/', { limit: 100_000 }))).toBe('E-NET-FAILED');
      await until(() => fate.closed);
    }
  });

  test('what is asked: method, body and headers; never another host', async () => {
    const asked: unknown[] = [];
    const take = async (request: IncomingMessage, response: ServerResponse) => {
      const { host, authorization, 'content-type': type } = request.headers;
      asked.push([request.method, request.url, host, authorization, type, await text(request)]);
      response.writeHead(304, { 'content-encoding': 'gzip' }).end();
    };
    const port = await serve((request, response) => void take(request, response));
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json', Host: 'evil.test' };
    const fetch = create(['1.1.1.1'], port);
    const answer = await fetch(bob, '/api/inbox?a=b', { method: 'POST', headers, body: '"ü"', limit: 0 });
    expect([answer.status, answer.bytes.length]).toEqual([304, 0]);
    expect(asked).toEqual([
      ['POST', '/api/inbox?a=b', 'cl-o.bob.test', 'Bearer x', 'application/json', '"ü"'],
    ]);
    expect(await codeOf(fetch(bob, '/\r\nhost: evil.test', { limit: 1 }))).toBe('E-NET-FAILED');
    expect(asked).toHaveLength(1);
  });

  test('what is not HTTP, and what would become another protocol, is refused', async () => {
    for (const words of [
      'nonsense\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ]) {
      const server = createTcpServer((socket) => socket.on('error', () => undefined).end(words)).listen(
        0,
        '127.0.0.1',
      );
      await once(server, 'listening');
      opened.push(server);
      const { port } = server.address() as { port: number };
      expect(await codeOf(create(['1.1.1.1'], port)(bob, '/', { limit: 1 }))).toBe('E-NET-FAILED');
    }
  });

  test('N5: a slow neighbour has so many requests and no more; others are answered meanwhile', async () => {
    const held: (() => void)[] = [];
    const port = await serve((request, response) => {
      if (request.headers.host === 'cl-o.bob.test') held.push(() => void response.end('{}'));
      else response.end('{}');
    });
    const fetch = create(['1.1.1.1'], port, [], { each: 3, all: 5, waiting: 4 });
    const asked = Array.from({ length: 8 }, () => codeOf(fetch(bob, '/', { limit: 10 })));
    expect(await asked[7]).toBe('E-NET-FAILED');
    await until(() => held.length === 3);
    expect((await fetch(parseIdTag('carol.test'), '/', { limit: 10 })).status).toBe(200);
    expect(held).toHaveLength(3);
    for (let i = 0; i < 7; i++) {
      await until(() => held.length > i);
      held[i]?.();
    }
    expect(await Promise.all(asked.slice(0, 7))).toEqual(Array.from({ length: 7 }, () => 'undefined'));
  });

  test('N4: when one of several addresses takes no connection, the next does', async () => {
    const port = await serve((_request, response) => response.end('{}'));
    const tried: string[] = [];
    const fetch = createPatient(10_000, {
      resolve: () => Promise.resolve(['2606:4700::1', '1.1.1.1', '1.0.0.1']),
      connect: async ({ address }) => {
        tried.push(address);
        if (address.includes(':')) throw new Error('no way there');
        const socket = connectTcp({ host: '127.0.0.1', port });
        await once(socket, 'connect');
        return socket;
      },
    });
    expect((await fetch(bob, '/', { limit: 10 })).status).toBe(200);
    expect(tried).toEqual(['2606:4700::1', '1.1.1.1']);
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
    const asked = Array.from({ length: 20 }, () => codeOf(fetch(bob, '/', { limit: 10 })));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['E-NET-FAILED']));
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

  test('who asks may give up, before and while it is asked', async () => {
    const { sockets, port } = await openTarpit();
    const fetch = create(['1.1.1.1'], port);
    const ending = new AbortController();
    const asked = codeOf(fetch(bob, '/', { limit: 10, deadline: 60_000, signal: ending.signal }));
    await until(() => sockets.length === 1);
    ending.abort();
    expect(await asked).toBe('E-NET-FAILED');
    await until(() => sockets.every(({ destroyed }) => destroyed));
    expect(await codeOf(fetch(bob, '/', { limit: 10, signal: ending.signal }))).toBe('E-NET-FAILED');
    expect(sockets).toHaveLength(1);
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

  test('N5: a slow answer ends with the total deadline, which one request may have of its own', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const fetch = create(['1.1.1.1'], port);
    expect(await codeOf(fetch(bob, '/', { limit: 1_000_000, deadline: 300 }))).toBe('E-NET-FAILED');
  });
});
