import type { FileItem } from '../../../state/files.ts';
import { createNames, safeName } from './safe-names.ts';

/** One thing to pack; `path` is safe on every system. A folder has no `item` to read and its path ends with `/`. */
export interface Packed {
  readonly path: string;
  readonly item: FileItem;
}

/**
 * What an archive of these holds, folders read through in the order of their names. `fallback` names what has no usable name.
 * Documents get the ending `.md`.
 */
export function planArchive(
  items: readonly FileItem[],
  children: (folder: string) => FileItem[],
  fallback: string,
): Packed[] {
  const packed: Packed[] = [];
  const seen = new Set<string>();
  const add = (level: readonly FileItem[], above: string): void => {
    const unique = createNames();
    for (const item of level) {
      if (seen.has(item.id)) continue;
      seen.add(item.id);
      const name = unique(safeName(item.type === 'text' ? `${item.title}.md` : item.title, fallback));
      const path = `${above}${name}${item.type === 'folder' ? '/' : ''}`;
      packed.push({ path, item });
      if (item.type === 'folder') add(children(item.id), path);
    }
  };
  add(items, '');
  return packed;
}
