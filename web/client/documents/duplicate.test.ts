import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type TestBrowser, openTestBrowser } from './browser-fixture.ts';
import type { Documents } from './documents.ts';
import { duplicateDocument } from './duplicate.ts';
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
