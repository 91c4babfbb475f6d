import { headNames } from './front-matter.ts';
import { LARGEST_TEXT, readText } from './read-file.ts';
import { type PlannedFile, type Shelf, foldName } from './shelf.ts';

/** The shelf as a document that was read with `source` needs it: where `[[…]]` may mean titles, those are known too. */
export type KnowTitles = (source: string) => Promise<Shelf>;

/**
 * Has `[[The harbour]]` lead to a file of another name that says it is called so, by its head or first heading. A file that
 * is called so goes before. Files are read for their titles once, and only when a name in brackets is that of no file.
 */
export function createTitles(shelf: Shelf): KnowTitles {
  let reading: Promise<Shelf> | undefined;
  return (source) => {
    const names = [...source.matchAll(/\[\[([^[\]|#^\n]+)/g)].map((found) => found[1] ?? '');
    if (names.every((name) => (shelf.note(name) ?? shelf.attached(name)) !== undefined))
      return Promise.resolve(shelf);
    reading ??= readTitles(shelf);
    return reading;
  };
}

async function readTitles(shelf: Shelf): Promise<Shelf> {
  const titles = new Map<string, PlannedFile>();
  for (const file of shelf.documents) {
    if (file.format !== 'markdown') continue;
    for (const name of (await namesOf(file)).map(foldName)) {
      const known = titles.get(name);
      if (known === undefined || depthOf(file) < depthOf(known)) titles.set(name, file);
    }
  }
  return { ...shelf, note: (name) => shelf.note(name) ?? titles.get(foldName(name)) };
}

function depthOf({ path }: PlannedFile): number {
  return path.split('/').length;
}

async function namesOf({ file }: PlannedFile): Promise<string[]> {
  try {
    return headNames(await readText(file, LARGEST_TEXT));
  } catch {
    // What cannot be read is refused, with its reason, when its turn comes.
    return [];
  }
}
