import { expect, test } from 'vitest';
import { de } from './de.ts';

test('what a relay may refuse has German words, each its own', () => {
  const texts = Object.values(de);
  expect(new Set(texts).size).toBe(texts.length);
  for (const [code, text] of Object.entries(de)) {
    expect(code).toMatch(/^E(-[A-Z]+){2,}$/);
    expect(text.length).toBeGreaterThan(10);
  }
});
