import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** What to get, or where to post. */
export interface Target {
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON that is posted. */
  readonly body?: string;
}

export interface Download {
  readonly status: number;
  readonly etag: string;
  /** Bytes of the body. */
  readonly size: number;
}

/**
 * A client that does next to nothing, so that what is measured is the server: one connection, one request after the other,
 * bodies of a known length, which are counted and dropped.
 */
export interface Client {
  get(target: Target, range?: string): Promise<Download>;
  close(): void;
}

export async function openClient(port: number): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return {
    get: (target, range) => {
      const { host, path, headers, body } = target;
      const json = body !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      };
      const lines = { host, ...headers, ...json, ...(range && { range: `bytes=${range}` }) };
      const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
      const method = body === undefined ? 'GET' : 'POST';
      socket.write(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body ?? ''}`);
      return receive(socket);
    },
    close: () => void socket.destroy(),
  };
}

const end = Buffer.from('\r\n\r\n');

function receive(socket: Socket): Promise<Download> {
  return new Promise((resolve, reject) => {
    let head: { status: number; etag: string; length: number } | undefined;
    let early = Buffer.alloc(0);
    let size = 0;
    const stop = () => {
      socket.off('data', read).off('error', fail).off('close', fail);
    };
    const fail = (error?: unknown) => {
      stop();
      reject(error instanceof Error ? error : new Error('the connection ended'));
    };
    const read = (chunk: Buffer) => {
      size += chunk.length;
      if (!head) {
        early = Buffer.concat([early, chunk]);
        const at = early.indexOf(end);
        if (at < 0) return;
        head = readHead(early.toString('latin1', 0, at));
        size = early.length - at - end.length;
      }
      if (size < head.length) return;
      stop();
      resolve({ status: head.status, etag: head.etag, size });
    };
    socket.on('data', read).on('error', fail).on('close', fail);
  });
}

function readHead(text: string): { status: number; etag: string; length: number } {
  const header = (name: string) => new RegExp(`^${name}: *(.*?)\r?$`, 'im').exec(text)?.[1] ?? '';
  return {
    status: Number(text.slice(9, 12)),
    etag: header('etag'),
    length: Number(header('content-length')),
  };
}
