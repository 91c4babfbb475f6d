/**
 * Gathers the relay and its packages into one file: a thousand modules that Node looks up and strips one by one take most of
 * the time to start, and a third of the memory.
 */
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { join, posix, relative, sep } from 'node:path';
import { build, type Plugin } from 'vite';
import { relayBuild, relayCommand, relayEnvironment, root } from './install.mjs';

/** Native, or found by where they lie, or wanted by few relays: they stay in their folders. */
const apart = ['better-sqlite3', 'sharp', 'pino', '@simplewebauthn/server'];

/** What a module finds beside itself (the code of threads, the built app) it goes on finding beside its source. */
const ownPlaces: Plugin = {
  name: 'own-places',
  transform(code, id) {
    if (!id.startsWith(join(root, 'relay') + sep) || !code.includes('import.meta.url')) return null;
    const path = JSON.stringify(relative(relayBuild, id).split(sep).join(posix.sep));
    return code.replaceAll('import.meta.url', `new URL(${path}, import.meta.url).href`);
  },
};

/** `import 'node:http'` reads all that it exports, WebSocket of Undici included, which is then loaded: 12 MiB. */
const plainHttp: Plugin = {
  name: 'plain-http',
  enforce: 'pre',
  resolveId: (id) => (id === 'node:http' || id === 'http' ? '\0plain-http' : null),
  load(id) {
    if (id !== '\0plain-http') return null;
    const named = Object.entries(Object.getOwnPropertyDescriptors(http)).filter(([, { value }]) => value);
    return [
      "const http = process.getBuiltinModule('node:http');",
      `export const { ${named.map(([name]) => name).join(', ')} } = http;`,
      'export default http;',
    ].join('\n');
  },
};

/** A single letter beyond Latin-1 doubles the memory of the whole text, which the engine keeps. All of ours stand in strings. */
const plainLetters: Plugin = {
  name: 'plain-letters',
  generateBundle(_, bundle) {
    for (const part of Object.values(bundle))
      if (part.type === 'chunk') part.code = part.code.replaceAll(/[^\0-\x7f]/g, escapeLetter);
  },
};

function escapeLetter(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [plainHttp, ownPlaces, plainLetters],
  ssr: { noExternal: true, external: apart },
  build: {
    ssr: join(root, 'relay', 'main.ts'),
    outDir: relayBuild,
    emptyOutDir: true,
    target: 'node24',
    rolldownOptions: {
      // A package of Koa's makes its deprecated functions with eval.
      onLog: (level, log, next) => (log.code === 'EVAL' ? undefined : next(level, log)),
      output: {
        ...{ entryFileNames: 'main.mjs', codeSplitting: false },
        // Comments and blanks would stay in memory with the text; names stay, for what the log says.
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      },
    },
  },
});

// A start that is refused at once: Node keeps what it compiled for it. A relay that compiles everything itself holds 10 MiB more.
spawnSync(process.execPath, [...relayCommand, '--port', 'none'], {
  env: { ...process.env, ...relayEnvironment },
  stdio: 'ignore',
  timeout: 20_000,
});
