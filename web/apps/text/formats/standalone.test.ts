import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { holds } from '../../../../shared/test/seeded.ts';
import { type TestBrowser, openTestBrowser, randomBytes } from '../../../client/documents/browser-fixture.ts';
import type { Documents } from '../../../client/documents/documents.ts';
import { openTree } from '../../../client/documents/tree.ts';
import { loadBlob, saveBlob } from '../../../client/store/blobs.ts';
import { readContent, writeContent } from '../markdown/document.ts';
import { schema } from '../schema.ts';
import { anyDocument } from './document-fixture.ts';
import { type ExportParts, exportDocument } from './export.ts';
import { type ImportOptions, importFiles } from './import.ts';
import { readHtml } from './read-html.ts';

let browser: TestBrowser;
let documents: Documents;
let options: ImportOptions;
const parts = (): ExportParts => ({
  language: 'en',
  footer: 'Written by Islet.',
  day: (date) => date,
  readBlob: (id) => loadBlob(browser.db, id),
  toDocxPicture: () => Promise.resolve(undefined),
});

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
  const { index, tree: live } = documents;
  const tree = openTree({ index: index.doc, live, now: () => 1000, random: randomBytes });
  options = { documents, tree, saveBlob: (blob) => saveBlob(browser.db, blob), now: () => 1000 };
});
afterEach(() => browser.close());

const id = 'AAAAAAAAAAAAAAAAAAAAAAAA';
const { nodes } = schema;

function madeDocument(...words: string[]): Y.Doc {
  const doc = new Y.Doc();
  const blocks = words.map((word) => nodes.paragraph.create(null, schema.text(word)));
  writeContent(doc, nodes.doc.create(null, blocks));
  return doc;
}

async function pageOf(doc: Y.Doc, more: object = {}): Promise<string> {
  const one = {
    id,
    type: 'text',
    title: 'Tides',
    created: 5,
    edited: 7,
    tags: ['sea'],
    rows: [],
    doc,
    ...more,
  };
  return (await exportDocument(one, 'standalone', parts())).blob.text();
}

const take = (page: string, more: Partial<ImportOptions> = {}) =>
  importFiles([{ path: 'tides.html', file: new Blob([page]) }], { ...options, ...more });

async function stateOf(doc: string): Promise<Uint8Array> {
  return Y.encodeStateVector((await documents.snapshot(doc)).doc);
}

describe('a file that carries a document', () => {
  test('J18: runs nothing and asks for nothing; its words are there without script', async () => {
    const doc = madeDocument('</script><script>alert(1)</script>', 'High tide');
    const page = await pageOf(doc, { title: '</title><script>alert(2)</script>' });
    expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:;/);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/\s(href|src)="(?!data:|https?:)/);
    expect(readHtml(page).doc.toJSON()).toEqual(readContent(doc).toJSON());
  });

  test('J19: comes back under its id with the same state vector, fields and pictures', async () => {
    const blob = await saveBlob(browser.db, new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }));
    const doc = madeDocument('High tide');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const image = new Y.XmlElement('image');
    image.setAttribute('blob', blob);
    other.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
    (other.getXmlFragment('content').get(0) as Y.XmlElement).insert(0, [image]);
    other.getMap('comments').set('t', 'kept');
    const page = await pageOf(other);
    await browser.db.blobs.clear();
    const report = await take(page);
    expect(report).toMatchObject({ refused: [], merged: [], imported: [{ id, title: 'High tide' }] });
    expect(await stateOf(id)).toEqual(Y.encodeStateVector(other));
    expect(documents.entry(id)).toMatchObject({ tags: ['sea'], created: 5, edited: 7 });
    expect(await loadBlob(browser.db, blob)).toBeDefined();
  });

  test('J19: is merged into the document that is here, never beside it; a copy only when asked', async () => {
    const doc = madeDocument('one');
    const page = await pageOf(doc);
    await take(page);
    const open = await documents.open(id);
    open.doc.getMap('comments').set('here', 1);
    doc.getMap('comments').set('there', 1);
    await open.whenSaved();
    documents.trash(id);
    expect(await take(await pageOf(doc))).toMatchObject({ imported: [], merged: [{ id }] });
    expect(open.doc.getMap('comments').toJSON()).toEqual({ here: 1, there: 1 });
    expect(documents.entry(id)?.trashed).toBeUndefined();
    await open.close();
    expect(await take(page, { asCopy: true, only: new Set(['other.html']) })).toMatchObject({ imported: [] });
    const copied = await take(page, { asCopy: true, only: new Set(['tides.html']) });
    expect(copied.imported[0]?.id).not.toBe(id);
    expect(documents.entries()).toHaveLength(2);
    expect(await stateOf(copied.imported[0]!.id)).toEqual(Y.encodeStateVector(madeFrom(page)));
  });

  test('J19: what is broken, cut off, of another type or not ours to write is refused and changes nothing', async () => {
    const page = await pageOf(madeDocument('one'));
    const broken = page.replace(/"state":"[^"]*"/, '"state":"AAECAwQF"');
    const strange = page.replace('"type":"text"', '"type":"board"');
    const index = page.replace(id, 'index');
    for (const bad of [broken, strange, index, page.replace('"v":1', '"v":2')])
      expect(await take(bad)).toMatchObject({ imported: [], merged: [], refused: [{ reason: 'broken' }] });
    expect(documents.entry(id)).toBeUndefined();
    const folder = options.tree.createFolder('Mine', '', { id });
    expect(await take(page)).toMatchObject({ refused: [{ reason: 'not-allowed', detail: 'Mine' }] });
    folder.undo();
    options.tree.enterFiles([
      { id, title: 'x', parent: '', fields: { type: 'text', owner: 'bob.example', level: 'read' } },
    ]);
    expect(await take(page)).toMatchObject({ refused: [{ reason: 'not-allowed' }] });
  });
});

function madeFrom(page: string): Y.Doc {
  const doc = new Y.Doc();
  const state = /"state":"([^"]*)"/.exec(page)?.[1] ?? '';
  Y.applyUpdate(
    doc,
    Uint8Array.from(atob(state), (char) => char.charCodeAt(0)),
  );
  return doc;
}

test('any document as a page is read as the same document', async () => {
  await holds(
    fc.asyncProperty(anyDocument, async (content) => {
      const doc = new Y.Doc();
      writeContent(doc, content);
      const { blob } = await exportDocument(
        { id, type: 'text', title: 'x', created: 0, edited: 0, tags: [], rows: [], doc },
        'html',
        parts(),
      );
      expect(readHtml(await blob.text()).doc.toJSON()).toEqual(readContent(doc).toJSON());
    }),
    { runs: 60 },
  );
});

test('Markdown takes its pictures and tags along and finds them again', async () => {
  const bytes = new Blob([new Uint8Array([9, 9])], { type: 'image/jpeg' });
  const blob = await saveBlob(browser.db, bytes);
  const doc = new Y.Doc();
  const image = (fields: object) => nodes.image.create({ alt: 'sea', ...fields });
  writeContent(
    doc,
    nodes.doc.create(
      null,
      nodes.paragraph.create(null, [image({ blob }), image({ alt: 'gone', blob: `b1~${'x'.repeat(43)}` })]),
    ),
  );
  const one = { id, type: 'text', title: 'x', edited: 0, rows: [], doc };
  const entry = { created: Date.UTC(2020, 2, 1), tags: ['sea', 'C++: old'] };
  const written = await exportDocument({ ...one, ...entry }, 'markdown', parts());
  expect(written.missing).toEqual(['gone']);
  expect(written.assets).toHaveLength(1);
  const path = written.assets[0]!.path;
  expect(await written.blob.text()).toContain(`![sea](${path})`);
  await browser.db.blobs.clear();
  await importFiles(
    [
      { path: 'a/x.md', file: written.blob },
      { path: `a/${path}`, file: bytes },
    ],
    options,
  );
  expect((await browser.db.blobs.toArray()).map((row) => row.id)).toEqual([blob]);
  expect(documents.entries().at(-1)).toMatchObject({ created: entry.created, tags: ['C++: old', 'sea'] });
});
