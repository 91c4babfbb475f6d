import { describe, expect, test } from 'vitest';
import { createNames, safeName } from './safe-names.ts';

describe('names inside an archive', () => {
  test.each([
    ['photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', 'etc passwd'],
    ['..', 'File'],
    ['.', 'File'],
    ['/absolute', 'absolute'],
    ['C:\\Windows\\x.dll', 'C Windows x.dll'],
    ['a\u0000b.txt', 'a b.txt'],
    ['line\nbreak', 'line break'],
    ['gpj.\u202Eexe', 'gpj. exe'],
    ['\u2066hidden\u2069.txt', 'hidden.txt'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['com1', '_com1'],
    ['console.log', 'console.log'],
    ['ends with dots...', 'ends with dots'],
    ['  ', 'File'],
    ['.gitignore', '.gitignore'],
    ['a:b*c?d"e<f>g|h', 'a b c d e f g h'],
    ['e\u0301te\u0301.txt', 'été.txt'],
  ])('%j becomes %j', (title, name) => {
    expect(safeName(title, 'File')).toBe(name);
  });

  test('a long name is cut between characters and keeps its ending', () => {
    const name = safeName(`${'ü'.repeat(300)}.jpeg`, 'File');
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ü+\.jpeg$/);
  });

  test('the same name twice in a folder is numbered before its ending, capitals aside', () => {
    const name = createNames();
    expect(['a.txt', 'A.txt', 'a.txt', 'a (2).txt', 'b', 'b'].map(name)).toEqual([
      'a.txt',
      'A (2).txt',
      'a (3).txt',
      'a (2) (2).txt',
      'b',
      'b (2)',
    ]);
  });
});
