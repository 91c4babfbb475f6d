import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

const bare = '<!doctype html><html lang="en"><title>Bare</title><p>A sentence and nothing else.</p></html>';

/** The stock editor as a page on loopback, built with what builds the app. */
export interface PeerPage {
  readonly url: string;
  /** A page of one sentence. */
  readonly bareUrl: string;
  close(): Promise<void>;
}

export async function openPeerPage(): Promise<PeerPage> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-page-'));
  await build({
    ...{ root, configFile: false, logLevel: 'error', publicDir: false },
    // The packages of the app, not the ones beside the bench: two copies of Yjs do not know each other.
    resolve: { dedupe: ['yjs', 'lib0', 'y-protocols', 'y-indexeddb'] },
    build: {
      ...{ outDir: folder, emptyOutDir: true, target: 'es2022' },
      rolldownOptions: { input: join(root, 'bench', 'browser', 'peer', 'index.html') },
    },
  });
  const server = createServer((request, response) => {
    if (request.url === '/bare') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(bare);
      return;
    }
    const path = join(folder, normalize(new URL(request.url ?? '/', 'http://localhost').pathname));
    readFile(path).then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  const origin = await listen(server);
  return {
    url: `${origin}/bench/browser/peer/index.html`,
    bareUrl: `${origin}/bare`,
    close: () => end(server, folder),
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://localhost:${address.port}`;
}

async function end(server: Server, folder: string): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true, force: true });
}
