import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestBrowser, openTestBrowser, randomBytes } from '../../../client/documents/browser-fixture.ts';
import type { Documents } from '../../../client/documents/documents.ts';
import { saveBlob } from '../../../client/store/blobs.ts';
import { type Tree, openTree } from '../../../client/documents/tree.ts';
import { exportMarkdown, readContent } from '../markdown/document.ts';
import type { ImportFile } from './file-source.ts';
import { type ImportOptions, importFiles } from './import.ts';
import { LARGEST_TEXT } from './read-file.ts';
import { resolvePath } from './shelf.ts';

let browser: TestBrowser;
let documents: Documents;
let tree: Tree;

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
  const { index, tree: live } = documents;
  tree = openTree({ index: index.doc, live, now: () => 1000, random: randomBytes });
});
afterEach(() => browser.close());

function file(path: string, content: string | Uint8Array<ArrayBuffer>): ImportFile {
  return { path, file: new Blob([content]) };
}

function options(more: Partial<ImportOptions> = {}): ImportOptions {
  return { documents, tree, saveBlob: keep, now: () => 1000, ...more };
}

/** A zip archive of texts and bytes. */
function archive(path: string, files: Record<string, string | Uint8Array>): ImportFile {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === 'string' ? strToU8(content) : content,
  ]);
  return file(path, zipSync(Object.fromEntries(entries)));
}

/** What an imported document says, by the title it got. */
async function contentOf(title: string) {
  const entry = documents.entries().find((one) => one.title === title);
  const { doc } = await documents.snapshot(entry!.id);
  return { entry: entry!, content: readContent(doc) };
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
      file('big.md', 'a'.repeat(LARGEST_TEXT + 1)),
      file('program.exe', 'MZ'),
      file('garden/script.js', 'ignored'),
      file('empty.md', '\n'),
      file('garden/untitled.md', '---\n'),
    ],
    options({ onProgress: ({ done, total }) => progress.push(done / total) }),
  );
  expect(report.cancelled).toBe(false);
  expect(report.refused.map(({ name, reason }) => [name, reason]).sort()).toEqual([
    ['big.md', 'too-large'],
    ['empty.md', 'empty'],
    ['latin1.md', 'not-utf8'],
    ['program.exe', 'unknown-kind'],
  ]);
  expect(report.imported.map((one) => [one.name, one.title]).sort()).toEqual([
    ['garden/notes.txt', 'plain * text'],
    ['garden/plan.md', 'Garden'],
    ['garden/untitled.md', 'untitled'],
  ]);
  expect(progress.at(-1)).toBe(1);
  await documents.whenProjected();
  expect(report.left).toEqual(['garden/script.js']);
  expect((await browser.db.documents.toArray()).map(({ type }) => type).sort()).toEqual([
    'folder',
    'text',
    'text',
    'text',
  ]);
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
    options(),
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
  const report = await importFiles(
    files,
    options({
      signal: stop.signal,
      onProgress: ({ done }) => (done === 10 ? stop.abort() : undefined),
    }),
  );
  expect(report.cancelled).toBe(true);
  expect(report.imported.length).toBeGreaterThanOrEqual(10);
  expect(report.imported.length).toBeLessThan(20);
  expect(documents.entries()).toHaveLength(report.imported.length);
});

test('a file that storage refuses is named, and the rest goes on', async () => {
  const report = await importFiles(
    [file('a.md', '![x](b.png)'), file('b.png', 'x'), file('c.md', 'fine')],
    options({
      saveBlob: () => Promise.reject(new Error('no room')),
    }),
  );
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

describe('what other programs export', () => {
  const id = (digit: string) => digit.repeat(32);
  const uuid = '0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';

  test('a Notion archive: numbers go from the names, links lead to documents, databases are tables', async () => {
    const inner = {
      [`Home ${id('a')}.md`]: `# Home\n\nSee [Tides](Home%20${id('a')}/Tides%20${id('b')}.md) and [the list](Home%20${id('a')}/Reading%20${id('c')}.csv).\n`,
      [`Home ${id('a')}/Tides ${id('b')}.md`]: `# Tides\n\n![sea](Tides/sea.png)\n`,
      [`Home ${id('a')}/Tides/sea.png`]: new Uint8Array([137, 80, 78, 71]),
      [`Home ${id('a')}/Reading ${id('c')}.csv`]: '\ufeffName,Note\nEmma,"a, ""b"""\nOther,x\n',
      [`Home ${id('a')}/Reading ${id('c')}_all.csv`]: '\ufeffName,Note\nEmma,"a, ""b"""\nOther,x\nThird,y\n',
      [`Home ${id('a')}/Reading ${id('c')}/Emma ${id('d')}.md`]: '# Emma\n\nBy Austen.\n',
    };
    const parts = Object.entries(inner).map(([name, content]) => [
      name,
      typeof content === 'string' ? strToU8(content) : content,
    ]);
    const report = await importFiles(
      [
        archive(`Export-${uuid}.zip`, {
          [`${uuid}_ExportBlock-Part-1.zip`]: zipSync(Object.fromEntries(parts)),
        }),
      ],
      options(),
    );
    expect(report.refused).toEqual([]);
    expect(report.imported.map(({ title }) => title).sort()).toEqual(['Emma', 'Home', 'Reading', 'Tides']);
    const home = await contentOf('Home');
    const tides = await contentOf('Tides');
    const reading = await contentOf('Reading');
    const emma = await contentOf('Emma');
    const links: unknown[] = [];
    home.content.descendants((node) => {
      links.push(...node.marks.map((mark) => mark.attrs['href']));
      if (node.type.name === 'doc_link') links.push(node.attrs['id']);
    });
    expect(links).toEqual([tides.entry.id, `/d/${reading.entry.id}`]);
    const table = reading.content.child(1);
    expect(table.childCount).toBe(4);
    expect(table.child(1).child(0).firstChild?.attrs).toEqual({ id: emma.entry.id, title: 'Emma' });
    expect(table.child(1).child(1).textContent).toBe('a, "b"');
    expect(tides.content.child(1).firstChild?.attrs['blob']).toMatch(/^b1~/);
    const folders = [...documents.tree.rows().values()].filter(({ type }) => type === 'folder');
    expect(folders.map(({ title }) => title).sort()).toEqual(['Home', 'Notion', 'Reading']);
  });

  test('an Obsidian vault: names in brackets, embeds, callouts, front matter, tags', async () => {
    const source = [
      '---',
      'title: The harbour',
      'tags: [ships, "old town"]',
      'created: 2020-03-01',
      '---',
      '',
      'See [[Tides]], [[notes/Tides#High|the tides]] and [[Nowhere]]. #sea `[[Tides]]`',
      '',
      '![[quay.png|300]]',
      '',
      '> [!warning]- Mind',
      '> the gap',
    ].join('\n');
    const report = await importFiles(
      [
        archive('vault.zip', {
          'Harbour.md': source,
          'notes/Tides.md': 'Up and down.\n',
          'attachments/quay.png': new Uint8Array([1, 2, 3]),
          '.obsidian/app.json': '{}',
          'board.canvas': '{}',
        }),
      ],
      options(),
    );
    expect(report.left).toEqual(['vault/board.canvas']);
    const tides = documents.entries().find(({ title }) => title === 'Up and down.');
    const { entry, content } = await contentOf('The harbour');
    expect(entry).toMatchObject({ tags: ['old town', 'sea', 'ships'], created: Date.UTC(2020, 2, 1) });
    expect(content.child(0).textContent).toBe('The harbour');
    const words = content.child(1);
    expect(words.child(1).attrs).toEqual({ id: tides!.id, title: 'Tides' });
    expect(words.child(3).text).toBe('the tides');
    expect(words.child(3).marks[0]?.attrs['href']).toBe(`/d/${tides!.id}`);
    expect(words.lastChild?.text).toBe('[[Tides]]');
    expect(words.textContent).toContain('[[Nowhere]]');
    expect(content.child(2).firstChild?.attrs).toMatchObject({ src: 'quay.png', alt: '' });
    expect(content.child(2).firstChild?.attrs['blob']).toMatch(/^b1~/);
    expect(content.child(3).type.name).toBe('callout');
    expect(content.child(3).attrs['kind']).toBe('warning');
    expect(content.child(3).toString()).toBe('callout(paragraph("Mind"), paragraph("the gap"))');
    await documents.whenProjected();
    expect((await browser.db.documents.get(entry.id))?.links).toEqual([tides!.id]);
  });

  test('a name in brackets that is no file leads to the file that says it is called so', async () => {
    await importFiles(
      [
        file(
          'vault/a.md',
          '# A\n\n[[the Harbour]], [[Quay|the wall]], [[High water]], [[b]] and [[Nowhere]].\n',
        ),
        file('vault/notes/b.md', '---\ntitle: The harbour\naliases: [Quay]\n---\n\nShips.\n'),
        file('vault/notes/deep/c.md', '# The harbour\n'),
        file('vault/notes/2020-03-01.md', 'By the sea\n\n## High water\n'),
        file('vault/latin1.md', new Uint8Array([0xfc])),
      ],
      options(),
    );
    const { content } = await contentOf('A');
    const idOf = (title: string) => documents.entries().find((one) => one.title === title)?.id;
    const links: unknown[] = [];
    content.descendants((node) => {
      if (node.type.name === 'doc_link') links.push(node.attrs['id']);
      links.push(...node.marks.map((mark) => mark.attrs['href']));
    });
    const harbour = documents.entries().find((one) => one.excerpt.startsWith('Ships'))?.id;
    expect(links).toEqual([harbour, `/d/${harbour}`, idOf('High water'), harbour]);
    expect(content.textContent).toContain('[[Nowhere]]');
  });

  test('a head that says more than an entry keeps stays, as written', async () => {
    await importFiles(
      [
        file('a.md', '---\ntags: [x]\nstatus: open\n---\n\n# Open\n'),
        file('b.md', '---\ntitle: Other\n---\n\n# Same\n'),
        file('c.md', '---\ntags:\n  - x\nupdated: 2020-03-01 10:00\n---\n\n# Kept\n'),
      ],
      options(),
    );
    expect((await contentOf('Open')).content.firstChild?.attrs['source']).toContain('status: open');
    expect((await contentOf('Same')).content.firstChild?.attrs['source']).toContain('title: Other');
    const kept = await contentOf('Kept');
    expect(kept.content.firstChild?.type.name).toBe('heading');
    expect(kept.entry.tags).toEqual(['x']);
  });

  test('files that a document links to come along, in their folders; the others are named', async () => {
    const added: [string, string, string][] = [];
    const files = [
      file('vault/a.md', '# A\n\n[the plan](files/plan%201.pdf), [[quay.png]] and [[tides.xlsx|tides]].\n'),
      file('vault/files/plan 1.pdf', '%PDF'),
      file('vault/files/quay.png', 'x'),
      file('vault/files/tides.xlsx', 'x'),
      file('vault/files/other.bin', 'x'),
    ];
    const addFile: NonNullable<ImportOptions['addFile']> = async ({ id, name }, parent) => {
      if (name === 'tides.xlsx') throw new Error('no room');
      added.push([id, name, parent]);
    };
    const report = await importFiles(files, options({ addFile }));
    expect(report.left).toEqual(['vault/files/other.bin']);
    expect(report.attached).toEqual(['vault/files/plan 1.pdf', 'vault/files/quay.png']);
    expect(report.refused).toEqual([
      { name: 'vault/files/tides.xlsx', reason: 'not-saved', detail: 'no room' },
    ]);
    const { content } = await contentOf('A');
    const links: [string, unknown][] = [];
    content.descendants((node) => {
      for (const mark of node.marks) links.push([node.text ?? '', mark.attrs['href']]);
    });
    expect(links.slice(0, 2)).toEqual([
      ['the plan', `/files?open=${added[0]?.[0]}`],
      ['quay.png', `/files?open=${added[1]?.[0]}`],
    ]);
    const folders = [...documents.tree.rows().values()].filter(({ title }) => title === 'files');
    expect(folders.map(({ id }) => id)).toEqual([added[0]?.[2]]);
  });

  test('pages with their pictures, in the file and beside it', async () => {
    const report = await importFiles(
      [
        file(
          'site/a.html',
          '<title>Sea</title><p>Blue <img src="img/x.png"><img src="data:image/png;base64,iVBORw=="></p><a href="b.html">b</a>',
        ),
        file('site/b.html', '<h1>Bee</h1>'),
        file('site/img/x.png', new Uint8Array([1])),
        file('site/empty.htm', ' '),
      ],
      options(),
    );
    expect(report.refused).toEqual([{ name: 'site/empty.htm', reason: 'empty' }]);
    const { content } = await contentOf('Sea');
    const pictures: unknown[] = [];
    content.descendants(
      (node) => void (node.type.name === 'image' && pictures.push(node.attrs['src'], node.attrs['blob'])),
    );
    expect(pictures).toEqual(['img/x.png', expect.stringMatching(/^b1~/), '', expect.stringMatching(/^b1~/)]);
    expect(await browser.db.blobs.count()).toBe(2);
    const bee = documents.entries().find(({ title }) => title === 'Bee');
    expect(content.lastChild?.firstChild?.attrs).toEqual({ id: bee!.id, title: 'b' });
  });
});
