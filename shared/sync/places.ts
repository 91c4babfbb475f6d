/** What of an entry of the index says where it is shown. */
export interface Placed {
  readonly type: string;
  /** Id of its folder; empty at the top. It may name what is not there. */
  readonly parent: string;
  /** When it was put there, milliseconds. */
  readonly moved: number;
  readonly trashed?: number | undefined;
}

/** Where an entry is shown. */
export interface Place {
  /** Id of a folder that is there; empty for the top. */
  parent: string;
  /** Whether it, or a folder above it, is in the trash. */
  trashed: boolean;
}

type Entries = ReadonlyMap<string, Placed>;

/**
 * One tree out of entries that many devices moved without asking each other, the same on each (SPEC J1, J2): what names a
 * folder that is not there is shown at the top, and of folders that came to lie in each other the one moved last is.
 */
export function resolvePlaces(entries: Entries): Map<string, Place> {
  const free = breakCycles(entries);
  const places = new Map<string, Place>();
  for (const start of entries.keys()) {
    const way: string[] = [];
    for (let id = start; id !== '' && !places.has(id); id = free.has(id) ? '' : folderOf(entries, id)) {
      way.push(id);
    }
    for (const id of way.reverse()) {
      const parent = free.has(id) ? '' : folderOf(entries, id);
      const trashed = entries.get(id)?.trashed !== undefined || places.get(parent)?.trashed === true;
      places.set(id, { parent, trashed });
    }
  }
  return places;
}

/** The folder that an entry names, if it is there. */
function folderOf(entries: Entries, id: string): string {
  const parent = entries.get(id)?.parent ?? '';
  return entries.get(parent)?.type === 'folder' ? parent : '';
}

/** One entry of each cycle: the one moved last, of equals the one with the greater id. */
function breakCycles(entries: Entries): Set<string> {
  const free = new Set<string>();
  const seenFrom = new Map<string, string>();
  for (const start of entries.keys()) {
    let id = start;
    while (id !== '' && !seenFrom.has(id)) {
      seenFrom.set(id, start);
      id = folderOf(entries, id);
    }
    if (id !== '' && seenFrom.get(id) === start) free.add(lastMoved(entries, id));
  }
  return free;
}

function lastMoved(entries: Entries, start: string): string {
  let last = start;
  for (let id = folderOf(entries, start); id !== start; id = folderOf(entries, id)) {
    const [one, other] = [entries.get(id)?.moved ?? 0, entries.get(last)?.moved ?? 0];
    if (one > other || (one === other && id > last)) last = id;
  }
  return last;
}
