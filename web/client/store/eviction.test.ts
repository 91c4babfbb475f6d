import { expect, test } from 'vitest';
import { formatHoldings, type Holdings, parseHoldings, wasEvicted } from './eviction.ts';

const before: Holdings = { entries: 12, claimed: true, unsent: ['Tides'], at: 7 };

test('what was held comes back as it was written, with no more than fifty titles', () => {
  expect(parseHoldings(formatHoldings(before))).toEqual(before);
  const many = { ...before, unsent: Array.from({ length: 80 }, (_, i) => `Note ${i}`) };
  expect(parseHoldings(formatHoldings(many))?.unsent).toHaveLength(50);
});

test.each([null, '', '{', '7', '{"entries":"many"}', '[]'])('%j was not written by us', (text) => {
  expect(parseHoldings(text)).toBeUndefined();
});

test('only an index that is empty though nobody emptied it was evicted', () => {
  expect(wasEvicted(before, 0)).toBe(true);
  expect(wasEvicted(before, 1)).toBe(false);
  expect(wasEvicted({ ...before, entries: 0 }, 0)).toBe(false);
  expect(wasEvicted(undefined, 0)).toBe(false);
});
