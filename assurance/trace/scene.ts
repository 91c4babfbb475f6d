import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { json, type TestDevice } from '../../relay/test/device.ts';
import { type RelayProcess, startRelay } from '../../relay/test/relay-process.ts';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { roomy } from '../kill/neighbour.ts';
import { mayTrace, whyNot } from './strace.ts';

/** What is watched: everything that writes, makes durable, or gives and takes names. */
const watched = [
  ...['fsync', 'fdatasync', 'write', 'pwrite64', 'writev', 'pwritev', 'sendto', 'sendmsg', 'ftruncate'],
  ...['rename', 'renameat', 'renameat2', 'openat', 'unlink', 'link', 'mkdir', 'mkdirat'],
];
/** Bytes of each call that are kept: more than a page. */
const kept = 5000;

export interface Traced {
  readonly relay: RelayProcess;
  /** Ends the relay and gives the trace of all it did. */
  end(): Promise<string>;
}

/** A relay of which every call that matters is written down, from its first one on. @throws Error when that is not possible here */
export async function startTraced(folder: string): Promise<Traced> {
  if (!mayTrace) throw new Error(whyNot);
  const file = join(folder, 'trace');
  const own = join(folder, 'relay');
  mkdirSync(own, { recursive: true });
  const options = [
    '-D',
    '-f',
    '-qq',
    '-yy',
    '-s',
    String(kept),
    '-e',
    `trace=${watched.join(',')}`,
    '-o',
    file,
  ];
  const environment = { ...roomy, ISLET_NEIGHBOURS_DIR: folder, UV_USE_IO_URING: '0' };
  const relay = await startRelay({ folder: own, environment, wrapper: ['strace', ...options] });
  return {
    relay,
    async end() {
      await relay.kill();
      const last = new RegExp(`^${relay.pid} +\\+\\+\\+ killed`, 'm');
      while (!last.test(readFileSync(file, 'latin1'))) await pause(50);
      return readFileSync(file, 'latin1');
    },
  };
}

/** Letters that are found again wherever they are written. */
export const createMark = (): string => `mark${randomBytes(12).toString('hex')}`;

export interface Asked {
  readonly status: number;
  readonly text: string;
  /** The port from which it was asked: of this request alone. */
  readonly port: number;
}

interface Ask {
  readonly method: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request of the device over a connection of its own. */
export async function ask(device: TestDevice, path: string, { method, body, headers }: Ask): Promise<Asked> {
  const authorization = `Bearer ${await device.accessToken()}`;
  const { port } = new URL(device.relay.node.url);
  const sent = request({
    ...{ host: '127.0.0.1', port, path, method, agent: false },
    headers: { ...json, authorization, ...headers, host: apiHost(device.relay.idTag) },
  });
  const [socket] = (await once(sent, 'socket')) as [Socket];
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const local = socket.localPort;
  const text = (await buffer(answer)).toString();
  if (local === undefined || answer.statusCode === undefined) throw new Error('there was no connection');
  return { status: answer.statusCode, text, port: local };
}
