import { expect, test } from 'vitest';
import { cleanTitle } from './title.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test.each([
  ['  Holiday  photo.jpg ', 'Holiday photo.jpg'],
  ['a/b\\c', 'a-b\\c'],
  ['line\r\nbreak\u2028here', 'line break here'],
  ['nul\u0000and\u0007bell\u0085', 'nulandbell'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['\u2066x\u2069', 'x'],
  ['cafe\u0301', 'café'],
  ['שלום\u200f!', 'שלום\u200f!'],
  ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
  ['lone \ud800 half', 'lone \ufffd half'],
  ['..', ''],
  ['.', ''],
  ['../..', '..-..'],
  ['.gitignore', '.gitignore'],
  [' \t\u0000 ', ''],
])('%j becomes %j', (text, title) => {
  expect(cleanTitle(text)).toBe(title);
});

test('J4: 255 bytes are kept whole; more are cut before the ending, between characters', () => {
  const whole = `${'é'.repeat(125)}x.jpg`;
  expect(bytes(whole)).toBe(255);
  expect(cleanTitle(whole)).toBe(whole);
  expect(cleanTitle(`${'🌿'.repeat(80)}.jpeg`)).toBe(`${'🌿'.repeat(62)}.jpeg`);
  expect(bytes(cleanTitle('a'.repeat(300)))).toBe(255);
  expect(cleanTitle(`a.${'b'.repeat(300)}`)).toBe(`a.${'b'.repeat(253)}`);
});
