import { expect, test } from 'vitest';
import { fileName } from './save-file.ts';

test('a title becomes a file name that every system takes', () => {
  expect(fileName('Tides & moons')).toBe('Tides & moons');
  expect(fileName('a/b\\c: d?')).toBe('a b c d');
  expect(fileName('../../etc/passwd')).toBe('etc passwd');
  expect(fileName('  ')).toBe('Untitled');
  expect(fileName('x'.repeat(200))).toBe(`${'x'.repeat(80)}`);
  expect(fileName('evil\u202egnp.exe\u0000')).toBe('evil gnp.exe');
});
