import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

const marks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test('the words of what lost devices handed over say the same with the same values in both languages', () => {
  const english = Object.entries(en);
  expect(Object.keys(de).sort()).toEqual(english.map(([key]) => key).sort());
  for (const [key, text] of english) {
    const german = Object.entries(de).find(([name]) => name === key)?.[1] ?? '';
    expect(german.trim(), key).not.toBe('');
    expect(marks(german), key).toEqual(marks(text));
  }
});
