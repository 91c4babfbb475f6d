import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readCorpus } from './corpus.ts';
import { exportMarkdown, writeContent } from './document.ts';
import { parseMarkdown } from './parse.ts';
import { renderer } from './parser.ts';

const root = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** Everything a reader could miss, taken from rendered HTML. */
function inventory(source: string): Record<string, string[]> {
  const html = renderer.render(source);
  const all = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].map((match) => (match[1] ?? '').replace(/\s+/g, ' ').trim());
  const text = html.replace(/<!--[^]*?-->/g, ' ').replace(/<[^>]*>/g, ' ');
  return {
    words: text.split(/\s+/).filter((word) => word !== ''),
    links: all(/<a\b[^>]*?\bhref="([^"]*)"/g),
    images: all(/<img\b[^>]*?\bsrc="([^"]*)"/g),
    alts: all(/<img\b[^>]*?\balt="([^"]*)"/g),
    cells: all(/<t[dh]\b[^>]*>([^]*?)<\/t[dh]>/g),
    code: all(/<code\b[^>]*>([^]*?)<\/code>/g),
    comments: all(/<!--([^]*?)-->/g),
  };
}

/** The first difference of each kind, named by file. */
function differences(
  path: string,
  before: Record<string, string[]>,
  after: Record<string, string[]>,
): string[] {
  return Object.entries(before).flatMap(([kind, wanted]) => {
    const found = after[kind] ?? [];
    const at = wanted.findIndex((value, index) => value !== found[index]);
    if (at === -1 && wanted.length === found.length) return [];
    return [`${path}: ${kind}[${at}] is ${JSON.stringify(found[at])}, was ${JSON.stringify(wanted[at])}`];
  });
}

test('every word, link, image and table of the installed READMEs survives import and export', () => {
  const files = readCorpus(root);
  expect(files.length).toBeGreaterThan(300);
  let blocks = 0;
  let real = 0;
  const missed: string[] = [];
  for (const { path, source } of files) {
    const doc = new Y.Doc();
    writeContent(doc, parseMarkdown(source));
    for (const block of doc.getXmlFragment('content').toArray()) {
      blocks += 1;
      if (!(block instanceof Y.XmlElement && block.nodeName === 'raw_block')) real += 1;
    }
    const exported = exportMarkdown(doc);
    missed.push(...differences(path, inventory(source), inventory(exported)));
    doc.destroy();
  }
  expect(missed).toEqual([]);
  const share = real / blocks;
  process.stdout.write(
    `${files.length} files, ${blocks} blocks, ${(share * 100).toFixed(1)} % became real nodes\n`,
  );
  expect(share).toBeGreaterThan(0.8);
}, 300_000);
