import { cleanTitle } from '../../../client/documents/title.ts';
import type { Tree } from '../../../client/documents/tree.ts';

/** Gives the folder for names of folders, made at its first document; one that this import made is used again. */
export function createFolders(tree: Pick<Tree, 'createFolder'>): (names: readonly string[]) => string {
  const made = new Map<string, string>();
  return (names) => {
    let [folder, at] = ['', ''];
    for (const name of names) {
      const title = cleanTitle(name) || '_';
      at += `/${title}`;
      const id = made.get(at) ?? tree.createFolder(title, folder).id;
      made.set(at, id);
      folder = id;
    }
    return folder;
  };
}
