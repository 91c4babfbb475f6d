import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { ViteUserConfig } from 'vitest/config';

type Plugin = Extract<NonNullable<ViteUserConfig['plugins']>[number], { name: string }>;

const compress = promisify(brotliCompress);

/** Lets the browser fetch the editor beside the shell instead of after it. */
export function preloadEditor(): Plugin {
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

/** Writes what a first visit reads into the page itself, in each language: it is there before any script. */
export function firstWords(words: Readonly<Record<string, string>>): Plugin {
  const hint = Object.entries(words)
    .map(
      ([lang, text]) =>
        `<p lang="${lang}">${text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`,
    )
    .join('');
  return {
    name: 'first-words',
    transformIndexHtml: (html) => html.replace('<div id="first-hint">', (tag) => tag + hint),
  };
}

/** Writes `name.br` beside every text of the build, so that a relay does not compress the same bytes at each start. */
export function compressAssets(distDir: string): Plugin {
  return {
    name: 'compress-assets',
    // The tests' server closes a bundle too.
    apply: 'build',
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = await readdir(distDir, { recursive: true });
        const texts = files.filter((file) => /\.(js|css|html|svg|webmanifest)$/.test(file));
        await Promise.all(texts.map((file) => compressFile(join(distDir, file))));
      },
    },
  };
}

async function compressFile(file: string): Promise<void> {
  await writeFile(`${file}.br`, await compress(await readFile(file)));
}
