import { get as httpGet, type IncomingMessage } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { parseConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createNode, type RelayNode } from '../node.ts';

const script = `console.log(${JSON.stringify('x'.repeat(4000))})`;

describe('the app host', () => {
  let folder: string;
  let node: RelayNode;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-static-'));
    await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
    await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>Islet</title>');
    await writeFile(join(folder, 'dist', 'sw.js'), '// worker');
    await writeFile(join(folder, 'dist', 'assets', 'app-1.js'), script);
    await writeFile(join(folder, 'dist', 'assets', 'app-2.js'), script);
    await writeFile(join(folder, 'dist', 'assets', 'app-2.js.br'), brotliCompressSync('// as built'));
    await writeFile(join(folder, 'secret.txt'), 'secret');
    const environment = {
      DATA_DIR: folder,
      ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours'),
      LISTEN: '127.0.0.1:0',
    };
    const config = { ...parseConfig([], environment), distDir: join(folder, 'dist') };
    node = await createNode(config, { log: createLog('fatal') });
  });
  afterAll(async () => {
    await node.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (path: string, init: RequestInit = {}) => fetch(`http://localhost:${node.port}${path}`, init);

  test('what the build compressed is sent as it lies there, and is no file of its own', async () => {
    const { headers, body } = await request(`http://localhost:${node.port}/assets/app-2.js`, {
      headers: { 'accept-encoding': 'br' },
    });
    expect(headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(Buffer.from(await body.arrayBuffer())).toString()).toBe('// as built');
    const plain = await get('/assets/app-2.js', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe('// as built');
    expect((await get('/assets/app-2.js.br')).status).toBe(404);
  });

  test('which host is asked nobody but a proxy says otherwise than by Host, for pages and for sockets', async () => {
    const told = { 'x-forwarded-host': 'elsewhere.example' };
    expect((await get('/', { headers: told })).status).toBe(200);
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const headers = { ...told, ...upgrade, 'sec-websocket-key': 'A'.repeat(22) + '==' };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const place = { host: 'localhost', port: node.port, path: routes.sync, headers };
    httpGet(place, resolve).on('error', reject);
    const answered = await promise;
    answered.resume();
    // The page's host has no socket; one that is not ours at all gets 421.
    expect(answered.statusCode).toBe(404);
  });

  test('every route of the app is the page, with a strict policy and no cache', async () => {
    for (const path of [
      '/',
      '/home',
      '/feed',
      '/people',
      '/settings',
      '/setup',
      '/enrol',
      '/d/abcdefghijklmnopqrstuvwx',
    ]) {
      const response = await get(path);
      expect([path, response.status, await response.text()]).toEqual([
        path,
        200,
        '<!doctype html><title>Islet</title>',
      ]);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy).toContain(
        `connect-src 'self' http://cl-o.me.localhost:${node.port} ws://cl-o.me.localhost:${node.port} http://*.localhost:* ws://*.localhost:*;`,
      );
      expect(policy).not.toContain('unsafe');
    }
  });

  test('a missing asset, an unknown page and paths that climb are 404 in JSON, never a page', async () => {
    const paths = [
      '/assets/app-0.js',
      '/nosuch',
      '/d/short',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/%00',
      '/assets/%',
    ];
    for (const path of paths) {
      const response = await get(path);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/json; charset=utf-8',
      ]);
      expect(await response.json()).toMatchObject({ error: { code: 'E-CORE-NOTFOUND' } });
    }
  });

  test('assets are immutable, compressed and revalidated by etag; the worker is not cached', async () => {
    const response = await get('/assets/app-1.js', { headers: { 'accept-encoding': 'br' } });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(await response.text()).toBe(script);
    const etag = response.headers.get('etag') ?? '';
    // fetch would send `cache-control: no-cache` beside it, as a forced reload does.
    const held = await request(`http://localhost:${node.port}/assets/app-1.js`, {
      headers: { 'if-none-match': etag },
    });
    expect(held.statusCode).toBe(304);
    expect((await get('/sw.js')).headers.get('cache-control')).toBe('no-cache');
  });

  test('the API is not on the app host, but for what the app needs to find it', async () => {
    for (const path of ['/api/devices/log', '/api/actions', '/api/files/x/descriptor'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect((await get('/api/relay')).status).toBe(200);
    expect(await (await get('/.well-known/cloudillo/id-tag')).json()).toEqual({ idTag: 'me.localhost' });
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  });
});
