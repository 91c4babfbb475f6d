import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** What is made or installed, and what git ignores. */
const skipped = new Set([
  ...['node_modules', '.git', 'dist', 'dist-relay', '.data'],
  ...['test-results', 'playwright-report'],
]);

/** Every file of the project below `folder`, by its path from the root with forward slashes. */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [relative(root, join(root, path)).replaceAll('\\', '/')];
    });
}

export function readSource(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
