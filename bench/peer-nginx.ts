import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openClient } from './download.ts';

/** A server of files that does nothing else, on loopback. */
export interface FileServer {
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}

const programs = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'];

/** nginx is no part of the project: a machine that has none is compared with a bare stream of Node. */
export const peer = programs.find((path) => existsSync(path));

/** Serves the files of the folder. */
export async function openFileServer(folder: string): Promise<FileServer> {
  return peer === undefined ? openNodeServer(folder) : openNginx(peer, folder);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function openNginx(program: string, folder: string): Promise<FileServer> {
  const port = await findFreePort();
  const own = await mkdtemp(join(tmpdir(), 'islet-nginx-'));
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${own}/${name};`)
    .join(' ');
  const settings = `daemon off; worker_processes 1; pid ${own}/pid; error_log stderr crit; user root;
    events {}
    http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; ${places}
      server { listen 127.0.0.1:${port}; root ${folder}; } }`;
  await writeFile(join(own, 'nginx.conf'), settings);
  const child = spawn(program, ['-p', own, '-e', 'stderr', '-c', join(own, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitForPort(port);
  return {
    ...{ name: 'nginx', port },
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGQUIT');
      await exited;
      await rm(own, { recursive: true, force: true });
    },
  };
}

async function waitForPort(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const client = await openClient(port).catch(() => undefined);
    if (client) return client.close();
    await pause(50);
  }
  throw new Error('nginx does not listen');
}

async function openNodeServer(folder: string): Promise<FileServer> {
  const serve = async (path: string) => {
    const file = join(folder, path);
    return { file, size: (await stat(file)).size };
  };
  const server = createServer((request, response) => {
    void serve(request.url ?? '').then(({ file, size }) => {
      const [, start, end] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const range = start === undefined ? undefined : { start: Number(start), end: Number(end) };
      const length = range ? range.end - range.start + 1 : size;
      response.writeHead(range ? 206 : 200, { 'content-length': length, etag: `"${size}"` });
      createReadStream(file, range).pipe(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    ...{ name: 'a bare stream of node:http', port: address.port },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
