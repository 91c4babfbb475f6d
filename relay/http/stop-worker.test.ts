import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createNode, type RelayNode } from '../node.ts';

let folder: string;
let node: RelayNode;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-worker-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Islet</title>');
  await writeFile(join(folder, 'sw.js'), '// the worker of the build');
  const environment = {
    ...{ DATA_DIR: folder, ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours') },
    ...{ LISTEN: '127.0.0.1:0', SERVICE_WORKER: 'off' },
  };
  const config = { ...parseConfig([], environment), distDir: folder };
  node = await createNode(config, { log: createLog('fatal') });
});
afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

interface FetchEvent {
  request: { url: string };
  respondWith(answer: Promise<string>): void;
}

/** What a browser gives a worker, as far as this one asks for it: whatever else it touched would not be there. */
function createScope(kept: Record<string, string>) {
  const listeners = new Map<string, (event: object) => void>();
  const done: string[] = [];
  const scope = {
    ...{ URL, location: { origin: 'http://me.localhost' } },
    addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
    skipWaiting: () => done.push('skipWaiting'),
    registration: { unregister: () => void done.push('unregister') },
    caches: { match: ({ url }: { url: string }) => Promise.resolve(kept[url]) },
    fetch: (request: { url: string }) => Promise.resolve(`from the relay: ${request.url}`),
  };
  const ask = async (url: string): Promise<string | undefined> => {
    let answer: Promise<string> | undefined;
    const event: FetchEvent = { request: { url }, respondWith: (given) => void (answer = given) };
    listeners.get('fetch')?.(event);
    return answer;
  };
  return { scope, listeners, done, ask };
}

test('a relay whose operator switched the worker off serves one that goes, and leaves everything but the app alone', async () => {
  const response = await fetch(`http://localhost:${node.port}/sw.js`);
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const text = await response.text();
  expect(text).not.toContain('of the build');

  const chunk = 'http://me.localhost/assets/old-1.js';
  const { scope, listeners, done, ask } = createScope({ [chunk]: 'kept' });
  runInNewContext(text, scope);
  listeners.get('install')?.({});
  const waited: unknown[] = [];
  listeners.get('activate')?.({ waitUntil: (promise: unknown) => waited.push(promise) });
  await Promise.all(waited);
  expect(done).toEqual(['skipWaiting', 'unregister']);
  expect(await ask(chunk)).toBe('kept');
  const missing = 'http://me.localhost/assets/new-1.js';
  expect(await ask(missing)).toBe(`from the relay: ${missing}`);
  // Pages, files and the API are the network's again.
  for (const path of ['/', '/d/abcdefghijklmnopqrstuvwx', '/_islet/file/x', '/api/relay'])
    expect(await ask(`http://me.localhost${path}`)).toBeUndefined();
});

test('the setting of the worker is on or off', () => {
  expect(parseConfig([], {}).serviceWorker).toBe('on');
  expect(() => parseConfig([], { SERVICE_WORKER: 'no' })).toThrow(ConfigError);
});
