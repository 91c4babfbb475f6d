import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A real Markdown file. */
export interface CorpusFile {
  path: string;
  source: string;
}

const LARGEST_CHANGELOG = 200_000;

/** Every README and moderate CHANGELOG of the installed packages that is UTF-8. For tests. */
export function readCorpus(root: string): CorpusFile[] {
  const found: CorpusFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile() && isWanted(entry.name, path)) add(path);
    }
  };
  const add = (path: string): void => {
    const source = decode(readFileSync(path));
    if (source !== undefined) found.push({ path: path.slice(root.length + 1), source });
  };
  visit(root);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isWanted(name: string, path: string): boolean {
  if (/^readme.*\.(md|markdown)$/i.test(name)) return true;
  return /^changelog.*\.md$/i.test(name) && statSync(path).size <= LARGEST_CHANGELOG;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Import refuses it by name; there is nothing to compare.
    return undefined;
  }
}
