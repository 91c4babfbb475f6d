import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

interface Script {
  name: string;
  /** Bytes, compressed with brotli. */
  size: number;
}

/**
 * Scripts that the page asks for before the caret: the entry and everything named for preloading. What the editor's own chunk
 * brings along stands behind the shell's in the page.
 * @throws Error when the editor is not fetched beside the shell
 */
export async function readFirstScripts(dist: string): Promise<{ shell: Script[]; editor: Script[] }> {
  const html = await readFile(`${dist}/index.html`, 'utf8');
  if (!/rel="modulepreload"[^>]+text-chunk-/.test(html)) throw new Error('the editor waits for the shell');
  const paths = [...html.matchAll(/(?:src|href)="(\/[\w./-]+\.js)"/g)].map((match) => match[1] ?? '');
  const scripts = await Promise.all(
    [...new Set(paths)].map(async (name) => ({
      name,
      size: brotliCompressSync(await readFile(dist + name)).length,
    })),
  );
  const start = scripts.findIndex(({ name }) => name.includes('/text-chunk-'));
  return { shell: scripts.slice(0, start), editor: scripts.slice(start) };
}

export function totalSize(scripts: readonly Script[]): number {
  return scripts.reduce((sum, { size }) => sum + size, 0);
}
