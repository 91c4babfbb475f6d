import { fileURLToPath } from 'node:url';
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config';

const web = fileURLToPath(new URL('./web', import.meta.url));

type Plugin = Extract<NonNullable<ViteUserConfig['plugins']>[number], { name: string }>;

/** Lets the browser fetch the editor beside the shell instead of after it. */
function preloadEditor(): Plugin {
  return {
    name: 'preload-editor',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const editor = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.facadeModuleId?.endsWith('/shell/text-chunk.ts'),
        );
        if (editor?.type !== 'chunk') return [];
        return [editor.fileName, ...editor.imports.filter((file) => !html.includes(file))].map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}

/** Yjs, and documents as this browser keeps them; the shell has the two files that are left out. */
const documentParts =
  /node_modules\/(yjs|lib0|y-protocols|y-indexeddb)\/|client\/documents\/(?!document-id)|client\/store\/(?!database|upgrade)|client\/rooms\/may-write|state\/blobs/;

export default defineConfig({
  root: web,
  // Dexie's build for browsers of today is a kilobyte smaller than the one its package names.
  resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }] },
  plugins: [
    solid({ hot: false }),
    preloadEditor(),
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
  ],
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    rolldownOptions: {
      output: {
        // What every document needs, in one piece: cut up by who else uses a part of it, it weighs two kilobytes more.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'documents', test: documentParts }],
        },
      },
    },
  },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['{shared,relay,web,conformance,test,bench}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'web/e2e/**'],
    environment: 'node',
    // The Solid plugin has tests resolve packages as a browser would; the relay needs the real thing.
    alias: { ws: fileURLToPath(new URL('./node_modules/ws/wrapper.mjs', import.meta.url)) },
    // Files that run one after the other share what they import: starting anew for each took more time than the tests.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
  },
});
