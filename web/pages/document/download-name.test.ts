import { expect, test } from 'vitest';
import { downloadName } from './download-name.ts';

test('a title becomes a file name that every system takes', () => {
  expect(downloadName('Tides & moons')).toBe('Tides & moons.md');
  expect(downloadName('a/b\\c: d?')).toBe('a b c d.md');
  expect(downloadName('../../etc/passwd')).toBe('etc passwd.md');
  expect(downloadName('  ')).toBe('Untitled.md');
  expect(downloadName('x'.repeat(200))).toBe(`${'x'.repeat(80)}.md`);
  expect(downloadName('evil\u202egnp.exe\u0000')).toBe('evil gnp.exe.md');
});
