import { EditorState } from 'prosemirror-state';
import { expect, test } from 'vitest';
import { parseMarkdown } from '../markdown/parse.ts';
import { serializeMarkdown } from '../markdown/serialize.ts';
import { findKey, findPlugin } from './find-plugin.ts';
import { findIn, matchFrom } from './matches.ts';
import { replaceMatches } from './replace.ts';

const plain = { matchCase: false, wholeWord: false };
const words = (source: string, query: string, options = plain): string[] => {
  const doc = parseMarkdown(source);
  return findIn(doc, { query, ...options }).map(({ from, to }) => doc.textBetween(from, to, '|', '_'));
};

test.each([
  ['across marks', 'a **bo**at', 'boat', plain, ['boat']],
  [
    'in lists, tables, code',
    '- boat\n\n| boat |\n|--|\n| x |\n\n```\nboat\n```',
    'boat',
    plain,
    Array(3).fill('boat'),
  ],
  ['any case', 'Boat bOAT', 'boat', plain, ['Boat', 'bOAT']],
  ['the same case', 'Boat boat', 'boat', { ...plain, matchCase: true }, ['boat']],
  ['whole words', 'boats boat, übboat', 'boat', { ...plain, wholeWord: true }, ['boat']],
  ['signs that mean something in patterns', 'a.b (a+b)? a-b', '(a+b)?', plain, ['(a+b)?']],
  ['letters that grow when they are made small', 'İx İy', 'y', plain, ['y']],
  ['not over the end of a block', 'a\n\nb', 'ab', plain, []],
  ['nothing', 'a', '', plain, []],
])('finds %s', (_name, source, query, options, expected) => {
  expect(words(source, query, options)).toEqual(expected);
});

test('a picture or a line break is a place of one, so that what follows is found where it is', () => {
  const doc = parseMarkdown('one![x](y.png)two\\\nthree');
  const [match] = findIn(doc, { query: 'three', ...plain });
  expect(match && doc.textBetween(match.from, match.to)).toBe('three');
});

test('all are replaced in one step, each with the look it had', () => {
  const state = EditorState.create({ doc: parseMarkdown('boat **boat** and [a boat](https://x.org)') });
  const matches = findIn(state.doc, { query: 'boat', ...plain });
  const after = (text: string) => state.apply(replaceMatches(state, matches, text)).doc;
  expect(serializeMarkdown(after('ship')).trim()).toBe('ship **ship** and [a ship](https://x.org)');
  expect(after('').textContent).toBe('  and a ');
});

test('the current place stays where it is while the text changes', () => {
  const plugin = findPlugin(() => undefined);
  let state = EditorState.create({ doc: parseMarkdown('boat boat boat'), plugins: [plugin] });
  const options = { query: 'boat', ...plain };
  const matches = findIn(state.doc, options);
  state = state.apply(state.tr.setMeta(findKey, { options, matches, current: 1 }));
  state = state.apply(state.tr.insertText('boat ', 1));
  expect(findKey.getState(state)).toMatchObject({ current: 2, matches: { length: 4 } });
  expect(matchFrom(matches, 99)).toBe(0);
  expect(matchFrom([], 0)).toBe(-1);
});

test.each(['', 'xyz'])(
  'a hundred thousand places in one line are replaced by %j in one step, and what stands beside them stays',
  (text) => {
    const doc = parseMarkdown(`before\n\n${'ab '.repeat(100_000)}**a**b\n\nafter`);
    const state = EditorState.create({ doc });
    const matches = findIn(doc, { query: 'ab', ...plain }, Infinity);
    expect(matches).toHaveLength(100_001);
    const tr = replaceMatches(state, matches, text);
    expect(tr.steps).toHaveLength(1);
    expect(tr.doc.child(1).textContent.trim()).toBe(`${text} `.repeat(100_001).trim());
    expect(tr.doc.child(1).lastChild?.marks.map(({ type }) => type.name) ?? []).toEqual(
      text === '' ? [] : ['strong'],
    );
    expect(tr.doc.child(0)).toBe(doc.child(0));
    const between = matches[50_000]!.to;
    expect(tr.mapping.mapResult(between, 1)).toMatchObject({ pos: 1 + 8 + 50_001 * text.length + 50_000 });
    expect(tr.mapping.map(doc.content.size)).toBe(tr.doc.content.size);
    tr.doc.check();
  },
);

test('places over marks, pictures and blocks are replaced as one by one', () => {
  const doc = parseMarkdown('a**b**[c](x) abc\n\n- abc *abc*\n\n| abcabc |\n|--|\n| ab<br>c abc |');
  const state = EditorState.create({ doc });
  const matches = findIn(doc, { query: 'abc', ...plain });
  const one = matches
    .toReversed()
    .reduce(
      (tr, { from, to }) => tr.replaceWith(from, to, state.schema.text('de', doc.nodeAt(from)?.marks)),
      state.tr,
    );
  const all = replaceMatches(state, matches, 'de');
  expect(matches).toHaveLength(7);
  expect(all.doc.toJSON()).toEqual(one.doc.toJSON());
  for (let pos = 0; pos <= doc.content.size; pos += 1)
    expect(all.mapping.map(pos)).toBe(one.mapping.map(pos));
});
