import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addEntry, readEntry, updateEntry } from './index-entries.ts';
import { formatLinks, parseLinks, readLinks } from './links.ts';

const [a, b, own] = ['A', 'B', 'C'].map((letter) => letter.repeat(24)) as [string, string, string];

function link(id: unknown): Y.XmlElement {
  const element = new Y.XmlElement('doc_link');
  Reflect.apply(element.setAttribute, element, ['id', id]);
  return element;
}

function documentOf(...links: Y.XmlElement[]): Y.Doc {
  const doc = new Y.Doc();
  const [paragraph, quote, inner] = ['paragraph', 'blockquote', 'paragraph'].map(
    (name) => new Y.XmlElement(name),
  ) as [Y.XmlElement, Y.XmlElement, Y.XmlElement];
  doc.getXmlFragment('content').insert(0, [paragraph, quote]);
  quote.insert(0, [inner]);
  paragraph.insert(0, [new Y.XmlText('see '), ...links.slice(0, 1)]);
  inner.insert(0, links.slice(1));
  return doc;
}

test('J13: an entry names the documents that its text links to, each once', () => {
  const links = readLinks(documentOf(link(b), link(a), link(b), link('../x'), link(7)));
  expect(links).toEqual([b, a]);
  const index = new Y.Doc();
  addEntry(index, own, { title: 'One', links: formatLinks(links) });
  expect(readEntry(index, own)?.links).toEqual([b, a]);
  updateEntry(index, own, { links: formatLinks([]) });
  expect(readEntry(index, own)).not.toHaveProperty('links');
});

test('J13: no more than 100 are named, and what is no list of ids counts as none', () => {
  const many = Array.from({ length: 150 }, (_, i) => link(String(i).padStart(24, '0')));
  expect(readLinks(documentOf(...many))).toHaveLength(100);
  for (const odd of ['', '{}', '[', 7, undefined, `["${'x'.repeat(20_000)}"]`])
    expect(parseLinks(odd)).toEqual([]);
  expect(parseLinks(JSON.stringify([a, 'x', 5, b]))).toEqual([a, b]);
});
