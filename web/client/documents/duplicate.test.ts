import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type TestBrowser, openTestBrowser } from './browser-fixture.ts';
import type { Documents } from './documents.ts';
import { duplicateDocument, duplicateEntry } from './duplicate.ts';
import { retitleDocument } from './retitle.ts';
import { type Tree, openTree } from './tree.ts';

let browser: TestBrowser;
let documents: Documents;
let tree: Tree;

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
  const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
  tree = openTree({ index: documents.index.doc, live: documents.tree, now: () => Date.now(), random });
});
afterEach(() => browser.close());

function block(name: string, words: string, level?: number): Y.XmlElement {
  const element = new Y.XmlElement(name);
  if (level !== undefined) element.setAttribute('level', String(level));
  element.insert(0, [new Y.XmlText(words)]);
  return element;
}

/** A document in the index, with a comment. */
async function write(blocks: Y.XmlElement[]): Promise<string> {
  const open = await documents.open(documents.newId());
  open.doc.transact(() => {
    open.doc.getXmlFragment('content').insert(0, blocks);
    open.doc.getMap('comments').set('one', new Y.Map([['quote', 'secret remark']]));
  });
  await open.whenSaved();
  await open.close();
  return open.id;
}

async function contentOf(id: string): Promise<string> {
  const { doc } = await documents.snapshot(id);
  const text = doc.getXmlFragment('content').toString();
  doc.destroy();
  return text;
}

test('J8: a copy has the content and tags of the original, stands beside it, and has none of its comments', async () => {
  const { id: folder } = tree.createFolder('Boat', '');
  const id = await write([block('heading', 'Plan', 1), block('paragraph', 'Sail at noon')]);
  tree.move([id], folder);
  tree.setTag([id], 'sea', true);
  tree.setFavourite([id], true);
  const { id: copy, undo } = await duplicateDocument(id, { documents, tree, title: 'Plan (copy)' });
  expect(await contentOf(copy)).toBe((await contentOf(id)).replace('Plan', 'Plan (copy)'));
  expect(tree.get(copy)).toMatchObject({ title: 'Plan (copy)', parent: folder, tags: ['sea'], type: 'text' });
  expect(tree.get(copy)?.favourite).toBeUndefined();
  const { doc } = await documents.snapshot(copy);
  expect(doc.getMap('comments').size).toBe(0);
  expect(new TextDecoder().decode(Y.encodeStateAsUpdate(doc))).not.toContain('secret');
  doc.destroy();
  expect(undo()).toBe(true);
  expect(tree.get(copy)).toBeUndefined();
  expect(tree.get(id)?.title).toBe('Plan');
});

test('J8: a copy of a folder has copies of all in it, but of what is sealed or in the trash; undo leaves nothing', async () => {
  const { id: boat } = tree.createFolder('Boat', '');
  const { id: papers } = tree.createFolder('Papers', boat);
  const plan = await write([block('heading', 'Plan', 1)]);
  const old = await write([block('heading', 'Old', 1)]);
  const [photo = ''] = tree.enterFiles([
    {
      id: documents.newId(),
      title: 'sea.png',
      parent: papers,
      fields: { type: 'file', size: 3, file: 'f1~x' },
    },
  ]).ids;
  const [secret = ''] = tree.enterFiles([
    { id: documents.newId(), title: '', parent: papers, fields: { type: 'sealed', sealed: 'x' } },
  ]).ids;
  tree.move([plan], papers);
  tree.move([old], boat);
  documents.trash(old);
  const before = tree.below('').length;
  const uploads: string[][] = [];
  const copyUpload = async (...ids: [string, string]) => void uploads.push(ids);
  const made = await duplicateEntry(boat, { documents, tree, title: 'Boat (copy)', copyUpload });
  expect(tree.get(made.id)).toMatchObject({ title: 'Boat (copy)', parent: '', type: 'folder' });
  const inside = tree.below(made.id);
  expect(inside.map(({ title }) => title).sort()).toEqual(['Papers', 'Plan', 'sea.png']);
  expect(made.left).toEqual([secret]);
  const copied = inside.find(({ title }) => title === 'sea.png');
  expect(copied).toMatchObject({ type: 'file', size: 3, file: 'f1~x' });
  expect(uploads).toEqual([[photo, copied?.id]]);
  const copy = inside.find(({ title }) => title === 'Plan');
  expect(await contentOf(copy?.id ?? '')).toBe(await contentOf(plan));
  expect(made.undo()).toBe(true);
  expect(tree.below('')).toHaveLength(before);
});

test('a copy of what has no heading keeps its words and their title', async () => {
  const id = await write([block('paragraph', 'Only a line')]);
  const { id: copy } = await duplicateDocument(id, { documents, tree, title: 'Only a line (copy)' });
  expect(tree.get(copy)?.title).toBe('Only a line');
  expect(await contentOf(copy)).toBe(await contentOf(id));
});

test('another title stands in the heading; taken back, everything is as it was', async () => {
  const id = await write([block('paragraph', 'Intro'), block('heading', 'Old', 2)]);
  const before = await contentOf(id);
  const undo = await retitleDocument(documents, id, ' New\nname ');
  expect(await contentOf(id)).toContain('>New name</heading>');
  expect(tree.get(id)?.title).toBe('New name');
  expect(await undo()).toBe(true);
  expect(await contentOf(id)).toBe(before);
  expect(tree.get(id)?.title).toBe('Old');
  expect(await undo()).toBe(false);
});

test('a document without a heading gets one, behind its front matter', async () => {
  const matter = new Y.XmlElement('raw_block');
  matter.setAttribute('source', '---\na: 1\n---');
  const id = await write([matter, block('paragraph', 'Words')]);
  const before = await contentOf(id);
  const undo = await retitleDocument(documents, id, 'Called');
  expect(await contentOf(id)).toMatch(/^<raw_block.*<\/raw_block><heading level="1">Called<\/heading>/s);
  expect(tree.get(id)?.title).toBe('Called');
  expect(await undo()).toBe(true);
  expect(await contentOf(id)).toBe(before);
});

test('a document of a later version is not retitled', async () => {
  const id = await write([block('heading', 'Later', 1)]);
  const open = await documents.open(id);
  open.doc.getMap('meta').set('schema', 99);
  await open.whenSaved();
  await open.close();
  await expect(retitleDocument(documents, id, 'x')).rejects.toThrow('later version');
  expect(tree.get(id)?.title).toBe('Later');
});
