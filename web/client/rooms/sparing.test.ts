import { expect, it } from 'vitest';
import { createSparing } from './sparing.ts';

it('something is done only so often, for each by itself, and again when time has passed or the clock was put back', () => {
  let now = 1_000_000;
  const may = createSparing({ times: 2, within: 1000 }, () => now);
  expect([may('a'), may('a'), may('a'), may('b')]).toEqual([true, true, false, true]);
  now += 999;
  expect(may('a')).toBe(false);
  now += 1;
  expect([may('a'), may('a'), may('a')]).toEqual([true, true, false]);
  now -= 500_000;
  expect(may('a')).toBe(true);
});
