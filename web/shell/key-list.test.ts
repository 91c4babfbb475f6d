import { expect, test } from 'vitest';
import { en } from '../i18n/keys/en.ts';
import { listKeys } from './key-list.ts';

const ways = listKeys().flatMap(({ lines }) =>
  lines.flatMap((line) => line.ways.map((keys) => keys.join(' '))),
);

test('the list of keys has those of the editor, of lists and of boards', () => {
  for (const keys of [
    '/',
    'Ctrl /',
    'Alt ⇧ ↑',
    'Alt ⇧ ↓',
    'Ctrl ⇧ D',
    'Ctrl U',
    'Ctrl ⇧ H',
    'Tab',
    'Ctrl Enter',
  ])
    expect(ways).toContain(keys);
  for (const keys of ['Ctrl Alt M', 'Ctrl F', 'Ctrl ⇧ F', 'Alt ⇧ →', ': …', 'A letter', 'Ctrl X', 'Ctrl V'])
    expect(ways).toContain(keys);
  for (const keys of ['F2', 'Space', 'Delete', 'G H', '?']) expect(ways).toContain(keys);
});

test('no group says one thing twice, and every word of the list is used', () => {
  for (const { id, lines } of listKeys()) {
    const pressed = lines.flatMap((line) => line.ways.map((keys) => keys.join(' ')));
    expect(new Set(pressed).size, id).toBe(pressed.length);
    expect(new Set(lines.map(({ label }) => label)).size, id).toBe(lines.length);
  }
  const shown = new Set([...listKeys().flatMap(({ lines }) => lines.map(({ label }) => label)), ...ways]);
  const groups = new Set(listKeys().map(({ id }) => `keys.${id}`));
  const unused = Object.entries(en).filter(([key, words]) => !shown.has(words) && !groups.has(key));
  expect(unused.map(([key]) => key)).toEqual(['keys.or']);
});
