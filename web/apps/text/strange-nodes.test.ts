import { expect, test } from 'vitest';
import { initProseMirrorDoc } from 'y-prosemirror';
import * as Y from 'yjs';
import { readBlocks } from './read-only.ts';
import { schema } from './schema.ts';
import { becameTooDeep, isTooDeep } from './too-deep.ts';

/** A document as a neighbour may send it: elements with their attributes, each holding the next. */
function shown(...chain: [name: string, attributes: object][]) {
  const doc = new Y.Doc();
  let into: Y.XmlFragment = doc.getXmlFragment('content');
  for (const [name, attributes] of chain) {
    const element = new Y.XmlElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value as string);
    into.insert(0, [element]);
    into = element;
  }
  const before = Y.encodeStateAsUpdate(doc);
  const { doc: root } = initProseMirrorDoc(doc.getXmlFragment('content'), schema);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
  return root.firstChild;
}

test('attributes of another kind than the editor knows are taken for none, and stay in the document', () => {
  const heading = shown(['heading', { level: { x: 1 } }]);
  expect(heading?.attrs).toEqual({ level: 1 });
  const image = shown(
    ['paragraph', {}],
    ['image', { src: ['javascript:alert(1)'], alt: 7, blob: {} }],
  )?.firstChild;
  expect(image?.attrs).toMatchObject({ src: '', alt: '', blob: '' });
  expect(shown(['raw_block', { source: 1e308 }])?.attrs).toEqual({ source: '' });
  expect(shown(['heading', { level: 2 }])?.attrs).toEqual({ level: 2 });
  expect(() => heading?.check()).not.toThrow();
});

test('a cell that covers a million columns, or none, covers what tables can show', () => {
  const cell = (attributes: object) =>
    shown(['table', {}], ['table_row', {}], ['table_cell', attributes])?.firstChild?.firstChild?.attrs;
  expect(cell({ colspan: 1e9, rowspan: 1e9 })).toMatchObject({ colspan: 100, rowspan: 100 });
  for (const wrong of [0, -3, NaN, 1.5, Infinity, '9', null])
    expect(cell({ colspan: wrong, rowspan: wrong })).toMatchObject({ colspan: 1, rowspan: 1 });
  expect(cell({ colspan: 2, colwidth: [100, 1e308] })?.['colwidth']).toBe(null);
  expect(cell({ colspan: 2, colwidth: [100, 120] })?.['colwidth']).toEqual([100, 120]);
  expect(cell({ colwidth: 'wide' })?.['colwidth']).toBe(null);
});

/** Quotes in one another, so many, with words in the innermost; `into` an element of a document. */
function nest(into: Y.XmlFragment, depth: number): void {
  let at = into;
  for (let level = 0; level < depth; level++) {
    const quote = new Y.XmlElement('blockquote');
    at.insert(0, [quote]);
    at = quote;
  }
  const line = new Y.XmlElement('paragraph');
  at.insert(0, [line]);
  line.insert(0, [new Y.XmlText('deep')]);
}

test('blocks that a neighbour put into one another by the thousand are not edited, and their words are shown', () => {
  const [here, there] = [new Y.Doc(), new Y.Doc()];
  const content = here.getXmlFragment('content');
  const found: boolean[] = [];
  here.on('beforeObserverCalls', (transaction) => found.push(becameTooDeep(content, transaction)));
  const receive = () => Y.applyUpdate(here, Y.encodeStateAsUpdate(there, Y.encodeStateVector(here)));
  there.transact(() => nest(there.getXmlFragment('content'), 200));
  receive();
  expect([found.at(-1), isTooDeep(content)]).toEqual([false, false]);
  // More of it, inside what is there already.
  let inner = there.getXmlFragment('content').get(0);
  for (let at = 0; at < 150; at++) inner = (inner as Y.XmlElement).get(0);
  there.transact(() => nest(inner as Y.XmlElement, 200));
  receive();
  expect([found.at(-1), isTooDeep(content)]).toEqual([true, true]);
  const other = new Y.Doc();
  other.transact(() => nest(other.getXmlFragment('content'), 20_000));
  expect(isTooDeep(other.getXmlFragment('content'))).toBe(true);
  expect(readBlocks(other.getXmlFragment('content'))).toEqual(['deep']);
});
