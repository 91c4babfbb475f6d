import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startRelay } from '../../relay/test/relay-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built app, served by a relay of its own on loopback. */
export interface AppPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function openAppPage(): Promise<AppPage> {
  await buildApp();
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-'));
  const relay = await startRelay({ folder });
  return {
    url: `http://localhost:${relay.port}`,
    async close() {
      await relay.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of the built app; builds it when something of its source is younger. */
export async function buildApp(): Promise<string> {
  const dist = join(root, 'dist');
  const built = await stat(join(dist, 'sw.js')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (built < (await newestOf(['web', 'shared']))) {
    process.stderr.write('  building the app\n');
    await promisify(execFile)('npx', ['vite', 'build'], { cwd: root, maxBuffer: 2 ** 24 });
  }
  return dist;
}

async function newestOf(folders: readonly string[]): Promise<number> {
  const times = folders.map(async (folder) => {
    const files = await readdir(join(root, folder), { recursive: true });
    const sources = files.filter(
      (file) => /\.(tsx?|js|css|html)$/.test(file) && !/\.(test|spec)\.tsx?$/.test(file),
    );
    return Promise.all(sources.map(async (file) => (await stat(join(root, folder, file))).mtimeMs));
  });
  return Math.max(...(await Promise.all(times)).flat());
}
