import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

const marks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test('both languages say the same things of the keys, with the same values', () => {
  const german: Readonly<Record<string, string>> = de;
  expect(Object.keys(german).sort()).toEqual(Object.keys(en).sort());
  for (const [key, words] of Object.entries(en)) {
    expect(marks(german[key] ?? ''), key).toEqual(marks(words));
    expect(german[key]?.trim(), key).not.toBe('');
  }
});
