// What `npm start` and `npm test` share. Plain JavaScript for any Node from 20 on: it runs before Node 24 is installed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const bin = join(root, 'node_modules', '.bin');
/** Node 24, from the npm package `node`. */
export const node24 = join(bin, 'node');
/** Where the relay is in one file. */
export const relayBuild = join(root, 'dist-relay');
/** What `npm start` hands to Node 24 to run the relay: little room for new objects, which is memory it would never give back. */
export const relayCommand = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=2',
  join(relayBuild, 'main.mjs'),
];
/**
 * In which environment: where Node keeps code that it has compiled; one place from which all threads take memory, for what lies
 * about in several is given back late; and what is large goes back to the system as soon as it is free (glibc otherwise learns to keep up to 32 MiB of it).
 */
export const relayEnvironment = {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** The environment in which Node 24 is the one that `node` means. */
export function environment(extra = {}) {
  return { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a command with our terminal and gives its exit code (128 + signal number is reported as 1). */
export function run(command, args, extra = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment(extra) });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function changed(path) {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const own = changed(path);
  if (!statSync(path).isDirectory()) return own;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), own);
}

/** The Node that runs this may be one of the packages, and gone when they are installed anew. */
function npm(...args) {
  const path = process.env.npm_execpath;
  const node = existsSync(process.execPath) ? process.execPath : 'node';
  return path?.endsWith('.js') ? run(node, [path, ...args]) : run('npm', args);
}

/**
 * Installs the locked packages when they are missing or older than the lock. No package runs a script of its own (`.npmrc`:
 * npm would otherwise compile better-sqlite3, which brings its binary along) but `node`, whose script fetches Node 24.
 */
export async function install() {
  const installed = changed(join(root, 'node_modules', '.package-lock.json'));
  const current = installed > 0 && installed >= changed(join(root, 'package-lock.json'));
  if (!current) {
    console.error('Installing packages…');
    const code = await npm('ci');
    if (code !== 0) return code;
  }
  if (existsSync(node24)) return 0;
  console.error('Installing Node 24…');
  const code = await npm('rebuild', 'node', '--ignore-scripts=false');
  if (code === 0 && !existsSync(node24)) {
    console.error('The npm package `node` did not bring Node 24 for this machine.');
    return 1;
  }
  return code;
}

/** Builds the web app when it was not built since its sources changed. */
export async function build() {
  const sources = ['web', 'shared', 'scripts', 'vite.config.ts', 'package-lock.json'].map((name) =>
    newest(join(root, name)),
  );
  if (changed(join(root, 'dist', 'index.html')) >= Math.max(...sources)) return 0;
  console.error('Building the app…');
  return run(node24, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn']);
}

/** Gathers the relay into one file when its sources changed. */
export async function buildRelay() {
  const sources = ['relay', 'shared', 'scripts', 'package-lock.json'].map((name) => newest(join(root, name)));
  if (changed(join(relayBuild, 'main.mjs')) >= Math.max(...sources)) return 0;
  console.error('Building the relay…');
  return run(node24, [join(root, 'scripts', 'relay-build.ts')]);
}
