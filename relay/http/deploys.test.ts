import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { counted } from '../../shared/test/counted.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { parseConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createNode, type RelayNode } from '../node.ts';
import { patience, sized } from '../test/sizes.ts';
import { stopWorker } from './stop-worker.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-deploys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const chunk = (build: number) => `/assets/page-${build}.js`;
const script = (build: number) => `export const build = ${build}; // ${'x'.repeat(2000)}`;
const page = (build: number) => `<!doctype html><script type="module" src="${chunk(build)}"></script>`;

/** What a build leaves: nothing of the builds before it. */
async function write(build: number): Promise<string> {
  const dist = join(folder, `dist-${build}`);
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(dist, 'index.html'), page(build));
  await writeFile(join(dist, 'sw.js'), `// worker ${build}`);
  await writeFile(join(dist, chunk(build)), script(build));
  return dist;
}

function open(distDir: string, serviceWorker: 'on' | 'off' = 'on'): Promise<RelayNode> {
  const environment = {
    DATA_DIR: folder,
    ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours'),
    LISTEN: '127.0.0.1:0',
  };
  return createNode({ ...parseConfig([], environment), distDir, serviceWorker }, { log: createLog('fatal') });
}

async function ask({ port }: RelayNode, path: string, headers: Record<string, string> = {}) {
  const { statusCode, headers: told, body } = await request(`http://localhost:${port}${path}`, { headers });
  const [kind] = String(told['content-type']).split(';');
  return { status: statusCode, kind, text: await body.text(), cache: told['cache-control'], etag: told.etag };
}

test(
  'over many builds a page that is asked for is of now, and a chunk is its own bytes or 404, never a page',
  { timeout: patience },
  async () => {
    const dice = createDice();
    const builds = sized(3, 50);
    let etag = '';
    let looked = 0;
    for (let build = 1; build <= builds; build++) {
      const node = await open(await write(build));
      const held = await ask(node, '/feed', { 'if-none-match': etag });
      expect([held.status, held.text], 'the page of the build before is not taken for this one').toEqual([
        200,
        page(build),
      ]);
      expect(held.cache).toBe('no-cache');
      etag = String(held.etag);
      expect((await ask(node, '/home', { 'if-none-match': etag })).status).toBe(304);
      expect(await ask(node, chunk(build))).toMatchObject({ status: 200, text: script(build) });
      const worker = await ask(node, '/sw.js');
      expect(worker).toMatchObject({ text: `// worker ${build}`, cache: 'no-cache' });
      // Tabs of builds before, and of one that a neighbour of this relay has already.
      for (const other of [build - 1, 1 + Math.floor(dice() * build), build + 1]) {
        if (other === build) continue;
        const missing = await ask(node, chunk(other), { accept: 'text/html,*/*' });
        expect(missing).toMatchObject({ status: 404, kind: 'application/json' });
        expect(missing.cache ?? '').not.toContain('immutable');
        looked += 1;
      }
      await node.close();
    }
    const off = await open(await write(builds + 1), 'off');
    expect(await ask(off, '/sw.js')).toMatchObject({ status: 200, text: stopWorker });
    await off.close();
    counted('deploys', builds);
    counted('chunks of other builds asked for', looked);
  },
);
