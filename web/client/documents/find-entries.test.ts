import { expect, test } from 'vitest';
import { type Findable, filterEntries, kindOf, sortEntries } from './find-entries.ts';

let count = 0;
const entry = (title: string, more: Partial<Findable> = {}): Findable => ({
  id: `id${(count += 1)}`,
  title,
  type: 'file',
  edited: 0,
  ...more,
});
const titles = (rows: Findable[]): string[] => rows.map(({ title }) => title);

test.each([
  ['folder', entry('pictures.zip', { type: 'folder' })],
  ['document', entry('note', { type: 'text' })],
  ['document', entry('letter.txt', { type: 'quill', mime: 'cloudillo/quillo' })],
  ['document', entry('sums', { type: 'other', mime: 'cloudillo/calcillo' })],
  ['picture', entry('x', { mime: 'image/svg+xml' })],
  ['video', entry('x', { mime: 'video/webm' })],
  ['audio', entry('x', { mime: 'audio/flac' })],
  ['pdf', entry('x', { mime: 'application/pdf' })],
  ['archive', entry('x', { mime: 'application/zip' })],
  ['archive', entry('backup.TAR.GZ', { mime: 'application/octet-stream' })],
  ['text', entry('x', { mime: 'text/csv' })],
  ['text', entry('x', { mime: 'application/ld+json' })],
  ['text', entry('main.rs')],
  ['other', entry('x.rs', { mime: 'application/msword' })],
  ['other', entry('', { type: 'sealed' })],
] as const)('%s: %j', (kind, row) => {
  expect(kindOf(row)).toBe(kind);
});

test('every word must occur somewhere in the name; case and accents do not count', () => {
  const rows = [
    entry('Café Müller 2024.JPG'),
    entry('Straße.txt'),
    entry('cafe menu.pdf', { mime: 'application/pdf' }),
  ];
  const found = (words: string): string[] => titles(filterEntries(rows, { words }));
  expect(found(' CAFE ')).toEqual(['Café Müller 2024.JPG', 'cafe menu.pdf']);
  expect(found('jpg mull')).toEqual(['Café Müller 2024.JPG']);
  expect(found('strasse')).toEqual(['Straße.txt']);
  expect(found('cafe tea')).toEqual([]);
  expect(found('')).toHaveLength(3);
  expect(titles(filterEntries(rows, { words: 'cafe', kind: 'pdf' }))).toEqual(['cafe menu.pdf']);
});

test('a name that changed in place is found by the new one', () => {
  const row = entry('before');
  expect(filterEntries([row], { words: 'before' })).toHaveLength(1);
  row.title = 'after';
  expect(filterEntries([row], { words: 'before' })).toHaveLength(0);
});

test('folders first; names as people count; equals in one order', () => {
  const rows = [
    entry('10.txt', { size: 5, edited: 3 }),
    entry('Zoo', { type: 'folder', edited: 9 }),
    entry('2.txt', { size: 5, edited: 1 }),
    entry('Äpfel', { size: 7, edited: 2 }),
    entry('apple', { mime: 'image/png', edited: 2 }),
  ];
  const sorted = (by: 'name' | 'edited' | 'size' | 'kind', descending = false): string[] =>
    titles(sortEntries(rows, { by, descending, locale: 'de' }));
  expect(sorted('name')).toEqual(['Zoo', '2.txt', '10.txt', 'Äpfel', 'apple']);
  expect(sorted('name', true)).toEqual(['Zoo', 'apple', 'Äpfel', '10.txt', '2.txt']);
  expect(sorted('edited', true)).toEqual(['Zoo', '10.txt', 'Äpfel', 'apple', '2.txt']);
  expect(sorted('size')).toEqual(['Zoo', 'apple', '2.txt', '10.txt', 'Äpfel']);
  expect(sorted('kind')).toEqual(['Zoo', 'apple', '2.txt', '10.txt', 'Äpfel']);
  expect(titles(rows)[0]).toBe('10.txt');
});
