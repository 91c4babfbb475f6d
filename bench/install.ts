import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Whether what the measurements compare with is there, as the lock file beside this has it. */
export async function areInstalled(place = folder): Promise<boolean> {
  const [lock, installed] = await Promise.all([
    changedAt(`${place}/package-lock.json`),
    changedAt(`${place}/node_modules/.package-lock.json`),
  ]);
  return installed !== undefined && (lock ?? 0) <= installed;
}

/** Milliseconds since 1970; undefined when it is not there. */
async function changedAt(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.mtimeMs;
}

/** Installs it when it is absent or older than the lock file. @throws Error when that fails */
export async function install(): Promise<void> {
  if (await areInstalled()) return;
  process.stderr.write('What this is compared with is being installed into bench/ (once)…\n');
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('npm ci in bench/ did not succeed: what is compared with is not there');
}
