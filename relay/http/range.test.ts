import { expect, test } from 'vitest';
import { parseRange } from './range.ts';

test.each([
  ['bytes=0-', 10, { start: 0, end: 9 }],
  ['bytes=2-4', 10, { start: 2, end: 4 }],
  ['bytes=8-99', 10, { start: 8, end: 9 }],
  ['bytes=-3', 10, { start: 7, end: 9 }],
  ['bytes=-30', 10, { start: 0, end: 9 }],
  ['bytes=10-', 10, 'outside'],
  ['bytes=-0', 10, 'outside'],
  ['bytes=0-', 0, 'outside'],
  ['bytes=4-2', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=1-2,4-5', 10, undefined],
  ['items=1-2', 10, undefined],
  ['', 10, undefined],
] as const)('%s of %i bytes (RFC 9110 §14.1.2)', (header, size, range) => {
  expect(parseRange(header, size)).toEqual(range);
});
