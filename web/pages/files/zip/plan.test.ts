import { expect, test } from 'vitest';
import type { FileItem } from '../../../state/files.ts';
import { planArchive } from './plan.ts';

function item(id: string, title: string, type = 'file', parent = ''): FileItem {
  return {
    ...{ id, title, type, parent, excerpt: '', created: 0, edited: 0, trashed: 0, kept: [] },
    ...{ variants: [], locked: false },
  };
}

const all = [
  item('f', 'Holidays', 'folder'),
  item('a', 'sea.jpg', 'file', 'f'),
  item('b', 'Sea.jpg', 'file', 'f'),
  item('g', '..', 'folder', 'f'),
  item('c', '../../evil.sh', 'file', 'g'),
  item('d', 'Tides', 'text', 'f'),
];
const children = (folder: string) => all.filter(({ parent }) => parent === folder);
const paths = (items: FileItem[]) => planArchive(items, children, 'File').map(({ path }) => path);

test('a folder is read through; no path leaves it, and no two are the same', () => {
  expect(paths([all[0]!])).toEqual([
    'Holidays/',
    'Holidays/sea.jpg',
    'Holidays/Sea (2).jpg',
    'Holidays/File/',
    'Holidays/File/evil.sh',
    'Holidays/Tides.md',
  ]);
});

test('what is chosen twice, by itself and by its folder, is packed once', () => {
  expect(paths([all[0]!, all[1]!]).filter((path) => path.endsWith('sea.jpg'))).toEqual(['Holidays/sea.jpg']);
});
