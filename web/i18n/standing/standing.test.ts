import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

test('the words for a device that may not speak are there in both languages', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const [name, text] of Object.entries(de)) expect(text.trim(), name).not.toBe('');
});
