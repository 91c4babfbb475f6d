import { describe, expect, it, test } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { parseMarkdown } from '../markdown/parse.ts';
import { readPresent } from './presence.ts';
import { countText, headingAt, readHeadings, textOf } from './text-count.ts';

test.each([
  ['', 0, 0, 0],
  ['one two', 2, 7, 1],
  ['don’t re-use it', 3, 15, 1],
  ['– … !', 0, 5, 0],
  ['🌿 green', 1, 7, 1],
  ['水を飲む', 4, 4, 1],
  ['naïve Übung 2024', 3, 16, 1],
  ['a\nb', 2, 2, 1],
])('%j has %i words and %i characters', (text, words, characters, minutes) => {
  expect(countText(text)).toEqual({ words, characters, minutes });
});

test('long texts take as many minutes as they have 230 words', () => {
  expect(countText('word '.repeat(461)).minutes).toBe(3);
});

test('words of neighbouring blocks are not counted as one', () => {
  const doc = parseMarkdown('# One\n\n- two\n- three\n\n| four | five |\n|--|--|\n| six | seven |');
  expect(countText(textOf(doc)).words).toBe(7);
});

test('the outline has the headings with words, and knows under which one a place is', () => {
  const doc = parseMarkdown('start\n\n# One **bold**\n\ntext\n\n#\n\n> ## Two\n\nend');
  const headings = readHeadings(doc);
  expect(headings.map(({ level, text }) => [level, text])).toEqual([
    [1, 'One bold'],
    [2, 'Two'],
  ]);
  const [first, second] = headings.map(({ pos }) => pos);
  expect(headingAt(headings, 0)).toBe(-1);
  expect(headingAt(headings, (first ?? 0) + 3)).toBe(0);
  expect(headingAt(headings, (second ?? 0) + 1)).toBe(1);
  expect(headingAt([], 5)).toBe(-1);
});

describe('who else is here', () => {
  it('is everybody but oneself, with a name and a colour that can be shown', () => {
    const here = new Awareness(new Y.Doc());
    here.setLocalState({ user: { name: 'Me', color: '#112233' } });
    const states = [
      { user: { name: 'N'.repeat(99), color: '#0b6e66' } },
      { user: { name: 'Odd', color: 'url(//x)' } },
      { user: 7 },
      {},
    ];
    for (const state of states) {
      const there = new Awareness(new Y.Doc());
      there.setLocalState(state);
      applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [there.clientID]), 'test');
      there.destroy();
    }
    const present = readPresent(here);
    expect(present.map(({ name, color }) => [name, color]).sort()).toEqual([
      ['N'.repeat(40), '#0b6e66'],
      ['Odd', '#7a7a7a'],
    ]);
    here.destroy();
  });
});
