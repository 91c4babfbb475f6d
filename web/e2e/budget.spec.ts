import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** Scripts that the page asks for before the caret: the entry and everything named for preloading. */
async function firstScripts(): Promise<{ name: string; size: number }[]> {
  const html = await readFile(`${dist}/index.html`, 'utf8');
  const paths = [...html.matchAll(/(?:src|href)="(\/[\w./-]+\.js)"/g)].map((match) => match[1] ?? '');
  return Promise.all(
    [...new Set(paths)].map(async (path) => ({
      name: path,
      size: brotliCompressSync(await readFile(dist + path)).length,
    })),
  );
}

test('script for the caret stays within 170 kB brotli, the shell within 60, the editor within 110', async () => {
  const scripts = await firstScripts();
  const total = (list: { size: number }[]) => list.reduce((sum, { size }) => sum + size, 0);
  const html = await readFile(`${dist}/index.html`, 'utf8');
  const preloadsEditor = /rel="modulepreload"[^>]+text-chunk-/.test(html);
  expect(preloadsEditor, 'the editor is fetched beside the shell').toBe(true);
  // The editor's part is what its own chunk brings along: it stands behind the shell's in the page.
  const start = scripts.findIndex(({ name }) => name.includes('/text-chunk-'));
  const [shell, editor] = [scripts.slice(0, start), scripts.slice(start)];
  expect(total(shell), JSON.stringify(shell)).toBeLessThanOrEqual(60_000);
  expect(total(editor), JSON.stringify(editor)).toBeLessThanOrEqual(110_000);
});
