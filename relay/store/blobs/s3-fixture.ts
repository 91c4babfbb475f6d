import crypto from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import type { S3Place } from './s3-requests.ts';

/** A bucket of s3rver on a free loopback port, that can be stopped and started again with what it holds. */
export interface TestBucket {
  readonly place: S3Place;
  /** `METHOD /path?query` of every request, in order. */
  readonly requests: readonly string[];
  /** Where the bytes of an object are on the disk. */
  fileOf(key: string): string;
  /** Until told otherwise, requests for which this is true get no answer: their connection breaks. */
  breakOn(isBroken: (request: IncomingMessage) => boolean): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** s3rver wraps what a page of a list ends with in DES, which OpenSSL has no more; three times the same key is that. */
function allowDes(): void {
  const { createCipheriv, createDecipheriv } = crypto;
  const triple = (key: Buffer) => Buffer.concat([key, key, key]);
  const isDes = (name: string) => name === 'des';
  Object.assign(crypto, {
    createCipheriv: (name: string, key: Buffer, iv: Buffer) =>
      isDes(name) ? createCipheriv('des-ede3-cbc', triple(key), iv) : createCipheriv(name, key, iv),
    createDecipheriv: (name: string, key: Buffer, iv: Buffer) =>
      isDes(name) ? createDecipheriv('des-ede3-cbc', triple(key), iv) : createDecipheriv(name, key, iv),
  });
}

export async function openTestBucket(prefix = 'islet/'): Promise<TestBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-s3-'));
  allowDes();
  const options = { directory: folder, silent: true, configureBuckets: [{ name: 'bucket', configs: [] }] };
  const service = new S3rver(options);
  await service.configureBuckets();
  const requests: string[] = [];
  let isBroken: (request: IncomingMessage) => boolean = () => false;
  let server: Server | undefined;
  let port = 0;
  const handle = service.callback();

  const start = async () => {
    const opened = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (isBroken(request)) request.socket.destroy();
      else handle(request, response);
    });
    opened.listen(port, '127.0.0.1');
    await once(opened, 'listening');
    const address = opened.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    port = address.port;
    server = opened;
  };
  const stop = async () => {
    const closed = server;
    server = undefined;
    if (!closed) return;
    closed.close();
    closed.closeAllConnections();
    await once(closed, 'close');
  };
  await start();
  return {
    place: {
      ...{ bucket: 'bucket', prefix, endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1' },
      ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    },
    requests,
    fileOf: (key) => join(folder, 'bucket', `${prefix}${key}._S3rver_object`),
    breakOn: (next) => void (isBroken = next),
    start,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
