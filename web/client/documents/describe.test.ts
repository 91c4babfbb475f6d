import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { describeText, hasContent } from './describe.ts';

function documentOf(...blocks: [name: string, text: string][]): Y.Doc {
  const doc = new Y.Doc();
  const elements = blocks.map(([name, text]) => {
    const element = new Y.XmlElement(name);
    if (name === 'raw_block') element.setAttribute('source', text);
    else if (text !== '') element.insert(0, [new Y.XmlText(text)]);
    return element;
  });
  doc.getXmlFragment('content').insert(0, elements);
  return doc;
}

test.each([
  [
    [
      ['paragraph', 'first line'],
      ['paragraph', 'second'],
    ],
    'first line',
    'second',
  ],
  [
    [
      ['paragraph', 'badge'],
      ['heading', 'Real title'],
      ['paragraph', 'text'],
    ],
    'Real title',
    'badge text',
  ],
  [
    [
      ['raw_block', '<h1 align="center">Logo <b>Name</b></h1>'],
      ['heading', 'Install'],
    ],
    'Logo Name',
    'Install',
  ],
  [
    [
      ['raw_block', '# name <sup>[![v](a.svg)][b]</sup>'],
      ['heading', 'Example'],
    ],
    'name',
    'Example',
  ],
  [
    [
      ['raw_block', '---\ntitle: x\n---'],
      ['raw_block', '[a]: https://x.org'],
      ['paragraph', 'words'],
    ],
    'words',
    '',
  ],
  [[['paragraph', '']], '', ''],
] as const)('%j is called %j', (blocks, title, excerpt) => {
  expect(describeText(documentOf(...blocks.map(([name, text]): [string, string] => [name, text])))).toEqual({
    title,
    excerpt,
  });
});

test('long titles and excerpts are cut between characters', () => {
  const { title, excerpt } = describeText(
    documentOf(['heading', '🌿'.repeat(300)], ['paragraph', 'b'.repeat(999)]),
  );
  expect([...title]).toHaveLength(121);
  expect([...excerpt]).toHaveLength(161);
});

test('a caret on an empty line is no content; a word, a picture, a rule is', () => {
  expect(hasContent(new Y.Doc())).toBe(false);
  expect(hasContent(documentOf(['paragraph', '']))).toBe(false);
  expect(hasContent(documentOf(['paragraph', 'x']))).toBe(true);
  expect(hasContent(documentOf(['horizontal_rule', '']))).toBe(true);
  const doc = documentOf(['paragraph', '']);
  const first = doc.getXmlFragment('content').get(0);
  if (first instanceof Y.XmlElement) first.insert(0, [new Y.XmlElement('image')]);
  expect(hasContent(doc)).toBe(true);
});

test('what a neighbour writes to keep the reader waiting is cut short', () => {
  const doc = documentOf(['heading', 'Title']);
  const content = doc.getXmlFragment('content');
  const source = new Y.XmlElement('raw_block');
  source.setAttribute('source', '<'.repeat(500_000));
  content.insert(1, [source]);
  const odd = new Y.XmlElement('raw_block');
  Reflect.apply(odd.setAttribute, odd, ['source', 5]);
  content.insert(2, [odd]);
  let at = new Y.XmlElement('blockquote');
  content.insert(3, [at]);
  for (let i = 0; i < 5_000; i++) {
    const inner = new Y.XmlElement('blockquote');
    at.insert(0, [inner]);
    at = inner;
  }
  expect(describeText(doc)).toMatchObject({
    title: 'Title',
    excerpt: /^<+…$/u.exec(describeText(doc).excerpt)?.[0],
  });
});
