import { fileItem, fileItems, type FileItem } from './files.ts';
import { seenFolder } from './seen-folder.ts';

/** What a folder is called, on a device that has it or is limited to it; undefined when it is not known here (any more). */
export function folderTitle(id: string): string | undefined {
  const own = seenFolder();
  return own?.id === id ? own.title : fileItem(id)?.title;
}

/** Folders that another device may be limited to, each with the titles of those above it, in the order of their names. */
export function listFolders(): { id: string; way: string[] }[] {
  return fileItems()
    .filter((item) => item.type === 'folder' && item.trashed === 0 && !isSealed(item))
    .map((item) => ({ id: item.id, way: wayTo(item).map(({ title }) => title) }))
    .sort((a, b) => a.way.join('/').localeCompare(b.way.join('/')));
}

function wayTo(item: FileItem): FileItem[] {
  const way: FileItem[] = [];
  for (let at: FileItem | undefined = item; at; at = fileItem(at.parent)) way.unshift(at);
  return way;
}

function isSealed(item: FileItem): boolean {
  return wayTo(item).some(({ vault, sealed, owner }) => (vault ?? sealed ?? owner) !== undefined);
}
