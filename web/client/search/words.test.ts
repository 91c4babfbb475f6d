import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { holds } from '../../../shared/test/seeded.ts';
import { excerptOf } from './excerpt.ts';
import { matchLabel } from './match-label.ts';
import { readDocumentText, readRichText } from './read-text.ts';
import { createSearchIndex } from './search-index.ts';
import { fold, readSought, readWords } from './words.ts';

describe('words', () => {
  const texts = (text: string): string[] => readWords(text).map((word) => word.text);

  test('neither case nor accents count', () => {
    expect(texts('Ærø, STRASSE Straße ångström e\u0301té Čapek')).toEqual(
      ['Ærø', 'strasse', 'strasse', 'angstrom', 'ete', 'capek'].map((word) => word.toLowerCase()),
    );
    expect(texts('שָׁלוֹם مَرْحَبًا')).toEqual(['שלום', 'مرحبا']);
  });

  test('scripts without spaces are read in pairs, and found by any part of a run', () => {
    expect(texts('東京都に行く')).toEqual(['東京', '京都', '都に', 'に行', '行く', 'く']);
    expect(readSought('東京都')).toEqual(['東京', '京都']);
    expect(readSought('都')).toEqual(['都']);
    expect(texts('가나다 한글')).toEqual(['가나다', '한글']);
    expect(fold('がぎ')).toBe('がぎ');
  });

  test('every word stands where it says, whatever the text', async () => {
    await holds(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        for (const word of readWords(text))
          expect(fold(text.slice(word.from, word.to)).slice(0, 40)).toBe(word.text);
      }),
      { runs: 100 },
    );
  });
});

describe('excerpts', () => {
  test('the place is shown where the most of the words stand', () => {
    const filler = 'Nothing of interest happens here at all. '.repeat(20);
    const text = `One apple. ${filler}An apple and a pear lie on the table. ${filler}`;
    const { text: shown, marks } = excerptOf(text, new Set(['apple', 'pear']));
    expect(marks.map(([from, to]) => shown.slice(from, to))).toEqual(['apple', 'pear']);
    expect(shown.length).toBeLessThan(170);
    expect(shown.startsWith('…')).toBe(true);
  });

  test('marks lie inside what is shown, whatever the text', async () => {
    await holds(
      fc.property(
        fc.array(fc.constantFrom('apple', 'pear', 'éclair', '\n', '東京都', '…'), { maxLength: 120 }),
        (words) => {
          const { text, marks } = excerptOf(words.join(' '), new Set(['apple', 'eclair', '京都']));
          for (const [from, to] of marks) expect(['apple', 'éclair', '京都']).toContain(text.slice(from, to));
        },
      ),
      { runs: 100 },
    );
  });
});

describe('the index', () => {
  test('pairs are found inside a run, and words in whatever order', () => {
    const index = createSearchIndex();
    index.put('a', { title: '旅行', text: '東京都に行く', tags: '' });
    index.put('b', { title: 'Reise', text: 'nach Kyoto, im Frühling', tags: '' });
    const keys = (words: string): string[] => index.find(words, { limit: 9 }).map(({ key }) => key);
    for (const words of ['京都', '都', '東京都', '旅']) expect(keys(words)).toEqual(['a']);
    expect(keys('大阪')).toEqual([]);
    expect(keys('fruhl kyoto')).toEqual(['b']);
    index.put('b', { title: 'Reise', text: 'nach Osaka', tags: '' });
    expect(keys('kyoto')).toEqual([]);
    index.remove('a');
    expect(keys('京都')).toEqual([]);
  });

  test('two letters begin a name, and are a word elsewhere', () => {
    const index = createSearchIndex();
    index.put('a', { title: 'Tomatoes', text: '', tags: '' });
    index.put('b', { title: 'Other', text: 'to town', tags: '' });
    index.put('c', { title: 'Third', text: 'tomorrow', tags: '' });
    expect(index.find('to', { limit: 9 }).map(({ key }) => key)).toEqual(['a', 'b']);
  });
});

test('all words of a text document are read: blocks, names in them, captions and comments', () => {
  const doc = new Y.Doc();
  const list = new Y.XmlElement('bullet_list');
  const item = new Y.XmlElement('list_item');
  const line = new Y.XmlElement('paragraph');
  const mention = new Y.XmlElement('mention');
  const image = new Y.XmlElement('image');
  mention.setAttribute('idTag', 'ana.test');
  image.setAttribute('caption', 'The pier');
  line.insert(0, [new Y.XmlText('Ask '), mention, new Y.XmlText(' soon')]);
  item.insert(0, [line]);
  list.insert(0, [item, image]);
  doc.getXmlFragment('content').insert(0, [list]);
  const messages = new Y.Array<unknown>();
  messages.push([{ id: '1', text: 'Really?' }]);
  doc.getMap('comments').set('t', new Y.Map<unknown>([['messages', messages]]));
  expect(readDocumentText(doc).split('\n')).toEqual(['Ask  ana.test  soon', 'The pier', 'Really?']);
});

test('all words of a rich-text document are read', () => {
  const doc = new Y.Doc();
  doc.getText('doc').insert(0, 'One\nTwo');
  doc.getText('doc').insertEmbed(3, { image: 'x' });
  expect(readRichText(doc)).toBe('One \nTwo');
});

test('a label answers to its beginning, to its words, and to letters in their order', () => {
  expect(matchLabel('new d', 'New document')).toBe(3);
  expect(matchLabel('doc new', 'New document')).toBe(2);
  expect(matchLabel('pho', 'Link another device', 'phone')).toBe(2);
  expect(matchLabel('nwdc', 'New document')).toBe(1);
  expect(matchLabel('xyz', 'New document')).toBe(0);
});
