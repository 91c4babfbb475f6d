import { fileURLToPath } from 'node:url';
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { configDefaults, defineConfig } from 'vitest/config';
import { createChunks } from './scripts/chunks.ts';
import { compressAssets, firstWords, preloadEditor } from './scripts/build-plugins.ts';
import { de } from './web/i18n/de.ts';
import { en } from './web/i18n/en.ts';

const web = fileURLToPath(new URL('./web', import.meta.url));
const dist = fileURLToPath(new URL('./dist', import.meta.url));

export default defineConfig({
  root: web,
  // Dexie's build for browsers of today is a kilobyte smaller than the one its package names.
  resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }] },
  plugins: [
    solid({ hot: false }),
    preloadEditor(),
    firstWords({ en: en['document.first'], de: de['document.first'] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'sw.ts',
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
        maximumFileSizeToCacheInBytes: 4_000_000,
      },
    }),
    compressAssets(dist),
  ],
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: createChunks(web), debugName: 'chunks' }],
        },
      },
    },
  },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['{shared,relay,web,conformance,test,bench,assurance}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'web/e2e/**'],
    environment: 'node',
    // The Solid plugin has tests resolve packages as a browser would; the relay needs the real thing.
    alias: { ws: fileURLToPath(new URL('./node_modules/ws/wrapper.mjs', import.meta.url)) },
    // Files that run one after the other share what they import: starting anew for each took more time than the tests.
    isolate: false,
    // Half of the time goes by waiting for relays and deadlines; of its own accord Vitest leaves one core alone.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A machine may be busy with something else, for longer than the second that Vitest waits.
    expect: { poll: { timeout: 30_000, interval: 10 } },
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
  },
});
