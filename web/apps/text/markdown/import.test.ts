import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestBrowser, openTestBrowser } from '../../../client/documents/browser-fixture.ts';
import type { Documents } from '../../../client/documents/documents.ts';
import { saveBlob } from '../../../client/store/blobs.ts';
import { exportMarkdown } from './document.ts';
import { type ImportFile, LARGEST_FILE, importFiles } from './import.ts';
import { resolvePath } from './pictures.ts';

let browser: TestBrowser;
let documents: Documents;

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
});
afterEach(() => browser.close());

function file(path: string, content: string | Uint8Array<ArrayBuffer>): ImportFile {
  return { path, file: new Blob([content]) };
}

function keep(blob: Blob): Promise<string> {
  return saveBlob(browser.db, blob);
}

test('each file becomes a saved document with its title; what cannot be taken is named with the reason', async () => {
  const progress: number[] = [];
  const report = await importFiles(
    [
      file('garden/plan.md', '# Garden\n\nBeans.\n'),
      file('garden/notes.txt', 'plain * text\n'),
      file('latin1.md', new Uint8Array([0x67, 0xfc, 0x6e])),
      file('big.md', 'a'.repeat(LARGEST_FILE + 1)),
      file('program.exe', 'MZ'),
      file('garden/script.js', 'ignored'),
      file('empty.md', '\n'),
      file('garden/untitled.md', '---\n'),
    ],
    { documents, saveBlob: keep, onProgress: ({ done, total }) => progress.push(done / total) },
  );
  expect(report.cancelled).toBe(false);
  expect(report.refused.map(({ name, reason }) => [name, reason]).sort()).toEqual([
    ['big.md', 'too-large'],
    ['empty.md', 'empty'],
    ['latin1.md', 'not-utf8'],
    ['program.exe', 'not-markdown'],
  ]);
  expect(report.imported.map((one) => [one.name, one.title]).sort()).toEqual([
    ['garden/notes.txt', 'plain * text'],
    ['garden/plan.md', 'Garden'],
    ['garden/untitled.md', 'untitled'],
  ]);
  expect(progress.at(-1)).toBe(1);
  await documents.whenProjected();
  expect(await browser.db.documents.count()).toBe(3);
  const garden = report.imported.find((one) => one.title === 'Garden');
  const { doc } = await documents.snapshot(garden!.id);
  expect(exportMarkdown(doc)).toBe('# Garden\n\nBeans.\n');
  expect(doc.getMap('meta').toJSON()).toEqual({ schema: 1, type: 'text' });
  expect((await browser.db.sync.get(garden!.id))?.dirty).toBe(1);
  const copy = await documents.open(garden!.id);
  expect(copy.saved.get().kind).toBe('saved');
});

test('pictures of the folder come along as blobs, their addresses unchanged', async () => {
  const picture = new Uint8Array([137, 80, 78, 71]);
  const report = await importFiles(
    [
      file('site/docs/a.md', '![x](../img/one%201.png) ![y](https://x.org/z.png)\n'),
      file('site/img/one 1.png', picture),
    ],
    { documents, saveBlob: keep },
  );
  expect(report.imported).toHaveLength(1);
  const { doc } = await documents.snapshot(report.imported[0]!.id);
  const [row] = await browser.db.blobs.toArray();
  expect(row).toMatchObject({ size: 4, type: 'image/png', uploaded: 0 });
  expect(row?.id).toMatch(/^b1~[\w-]{43}$/);
  expect(doc.getXmlFragment('content').toString()).toContain(row?.id);
  expect(exportMarkdown(doc)).toBe('![x](../img/one%201.png) ![y](https://x.org/z.png)\n');
});

test('stopped between two files, what was imported stays', async () => {
  const stop = new AbortController();
  const files = Array.from({ length: 40 }, (_, index) => file(`f${index}.md`, `# File ${index}\n`));
  const report = await importFiles(files, {
    documents,
    saveBlob: keep,
    signal: stop.signal,
    onProgress: ({ done }) => (done === 10 ? stop.abort() : undefined),
  });
  expect(report.cancelled).toBe(true);
  expect(report.imported.length).toBeGreaterThanOrEqual(10);
  expect(report.imported.length).toBeLessThan(20);
  expect(documents.entries()).toHaveLength(report.imported.length);
});

test('a file that storage refuses is named, and the rest goes on', async () => {
  const report = await importFiles([file('a.md', '![x](b.png)'), file('b.png', 'x'), file('c.md', 'fine')], {
    documents,
    saveBlob: () => Promise.reject(new Error('no room')),
  });
  expect(report.refused).toEqual([{ name: 'a.md', reason: 'not-saved', detail: 'no room' }]);
  expect(report.imported.map((one) => one.title)).toEqual(['fine']);
});

test('an address leads only to files inside the folder', () => {
  expect(resolvePath('a/b/c.md', '../x.png?raw=1')).toBe('a/x.png');
  expect(resolvePath('c.md', './x.png')).toBe('x.png');
  expect(resolvePath('a/c.md', '../../x.png')).toBeUndefined();
  expect(resolvePath('a/c.md', '/x.png')).toBeUndefined();
  expect(resolvePath('a/c.md', 'https://x.org/x.png')).toBeUndefined();
});
