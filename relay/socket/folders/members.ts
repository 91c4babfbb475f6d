import type { FolderChange, FolderEntry, FolderList } from '../../../shared/api/folders.ts';
import { IsletError } from '../../../shared/errors.ts';
import { type Place, type Placed, resolvePlaces } from '../../../shared/sync/places.ts';
import type { EntryFields, Fields } from './index-fields.ts';

type Entries = ReadonlyMap<string, EntryFields>;

/** Where every entry is shown. */
export function findPlaces(entries: Entries): ReadonlyMap<string, Place> {
  return resolvePlaces(new Map([...entries].map(([id, entry]) => [id, readPlaced(entry)])));
}

/** What lies in a folder at any depth, as every device resolves it (SPEC C14); nothing that is hidden, or lies in what is. */
export function findMembers(
  entries: Entries,
  folder: string,
  places = findPlaces(entries),
): ReadonlySet<string> {
  const members = new Set<string>();
  if (!findFolderEntry(entries, folder)) return members;
  const within = new Map([[folder, true]]);
  for (const start of entries.keys()) {
    const way: string[] = [];
    let id = start;
    for (; id !== '' && !within.has(id); id = places.get(id)?.parent ?? '') way.push(id);
    let isIn = within.get(id) ?? false;
    for (const each of way.reverse()) {
      isIn &&= entries.get(each)?.hidden === false;
      within.set(each, isIn);
    }
  }
  for (const [id, isIn] of within) if (isIn && id !== folder) members.add(id);
  return members;
}

/** The folder itself, while there is one. */
function findFolderEntry(entries: Entries, folder: string): EntryFields | undefined {
  const entry = entries.get(folder);
  return entry && !entry.hidden && entry.fields['type'] === 'folder' ? entry : undefined;
}

/** As devices read it where a field is missing. */
function readPlaced({ fields }: EntryFields): Placed {
  const { type = 'text', parent = '', moved = 0 } = fields;
  return { type: String(type), parent: String(parent), moved: Number(moved) };
}

/** SPEC C14: of the folder itself it is not told where it lies. */
export function listFolder(entries: Entries, folder: string, members: ReadonlySet<string>): FolderList {
  const own = findFolderEntry(entries, folder);
  if (!own) return { entries: [] };
  const { parent: _parent, moved: _moved, ...fields } = own.fields;
  const told = [...members].flatMap((id): FolderEntry[] => {
    const entry = entries.get(id);
    return entry ? [{ id, fields: entry.fields }] : [];
  });
  return { folder: { id: folder, fields }, entries: told };
}

const placing = ['type', 'parent', 'moved'];

/** True when the tree may be another after these two. */
export function isPlacedElse(before: EntryFields | undefined, after: EntryFields | undefined): boolean {
  if (!before || !after || before.hidden !== after.hidden) return true;
  return placing.some((name) => before.fields[name] !== after.fields[name]);
}

/**
 * SPEC C15: a device changes what is in its folder, adds to it, and moves nothing in or out of it.
 * @returns entries that would be new
 * @throws IsletError E-DELEGATION-SCOPE
 */
export function assertWithin(
  entries: Entries,
  { folder, members }: { folder: string; members: ReadonlySet<string> },
  changes: readonly FolderChange[],
): string[] {
  if (!findFolderEntry(entries, folder))
    throw new IsletError('E-DELEGATION-SCOPE', 'this folder is not there any more', folder);
  const after = new Map(entries);
  const wanted = new Set(members);
  const fresh = new Set<string>();
  for (const { id, fields } of changes) {
    const entry = after.get(id);
    if (entry && !wanted.has(id))
      throw new IsletError('E-DELEGATION-SCOPE', 'this is not in the folder of this device', id);
    if (!entry) fresh.add(id);
    wanted.add(id);
    after.set(id, { fields: changeFields(entry?.fields ?? {}, fields), hidden: false });
  }
  const isPlaced = changes.some(({ id }) => isPlacedElse(entries.get(id), after.get(id)));
  if (isPlaced && !areEqual(findMembers(after, folder), wanted))
    throw new IsletError(
      'E-DELEGATION-SCOPE',
      'nothing is moved into the folder of this device, or out of it',
    );
  return [...fresh];
}

function changeFields(before: Fields, changes: FolderChange['fields']): Fields {
  const kept = Object.entries({ ...before, ...changes }).filter(
    (field): field is [string, string | number] => field[1] !== null,
  );
  return Object.fromEntries(kept);
}

export function areEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}
