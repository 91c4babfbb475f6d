import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBytes } from './bytes.ts';

describe('bytes of a request', () => {
  let server: Server;
  let socket: Socket;
  let request: Promise<IncomingMessage>;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    request = once(server, 'request').then(([incoming]: IncomingMessage[]) => incoming!);
    socket = connect(address.port, '127.0.0.1').on('error', () => undefined);
    socket.write('PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
  });
  afterEach(() => {
    socket.destroy();
    server.close();
    server.closeAllConnections();
  });

  /** @returns what came, and whether it came to its end */
  const read = async (signal?: AbortSignal, patience?: number) => {
    let text = '';
    try {
      for await (const chunk of readBytes(await request, signal, patience))
        text += Buffer.from(chunk).toString();
      return { text, whole: true };
    } catch {
      return { text, whole: false };
    }
  };

  test('come to their end', async () => {
    const reading = read();
    socket.write('defghij');
    expect(await reading).toEqual({ text: 'abcdefghij', whole: true });
  });

  test('end when nothing comes any more', async () => {
    expect(await read(undefined, 50)).toEqual({ text: 'abc', whole: false });
  });

  test('end when nobody wants them, even if that was said before', async () => {
    const stop = new AbortController();
    const reading = read(stop.signal);
    await request;
    stop.abort();
    expect((await reading).whole).toBe(false);
    expect((await read(stop.signal)).whole).toBe(false);
  });

  test('leave the connection open for an answer when they are not read to the end', async () => {
    for await (const chunk of readBytes(await request)) {
      expect(Buffer.from(chunk).toString()).toBe('abc');
      break;
    }
    expect((await request).socket.destroyed).toBe(false);
  });
});
