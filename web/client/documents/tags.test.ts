import { expect, test } from 'vitest';
import { cleanTag, countTags, knownTag } from './tags.ts';

test('J8: a tag is on one line, short, and without what reads as something else', () => {
  expect(cleanTag(' ##  Sea,\n side\u202e ')).toBe('Sea side');
  expect(cleanTag('x'.repeat(60))).toHaveLength(40);
  expect(cleanTag('🌊'.repeat(60))).toBe('🌊'.repeat(40));
  expect(cleanTag('#')).toBe('');
  expect(cleanTag('cafe\u0301')).toBe('café');
});

test('a tag that is there in other letters is taken as it is there', () => {
  expect(knownTag('WORK', ['home', 'Work'])).toBe('Work');
  expect(knownTag('new', ['Work'])).toBe('new');
});

test('tags are counted where they can be seen, the most used first', () => {
  const rows = [
    { trashed: 0, tags: ['b', 'a'] },
    { trashed: 0, tags: ['a'] },
    { trashed: 0 },
    { trashed: 1, tags: ['gone'] },
  ] as const;
  expect(countTags(rows)).toEqual([
    { tag: 'a', count: 2 },
    { tag: 'b', count: 1 },
  ]);
});
