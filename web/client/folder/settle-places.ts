import type { Entries, FieldChanges, Fields } from './list-fields.ts';

interface PlaceParts {
  theirs: Entries;
  /** What is to be sent, by entry; new ones with all fields. Changed here where a place cannot be. */
  sent: Map<string, FieldChanges>;
  /** What changes on this device. The same. */
  set: Map<string, FieldChanges>;
}

/**
 * Sees to it that every entry that is sent lies in a folder that leads to the top when all of it is done: a new one whose folder is gone is
 * put at the top, and a move into what is gone, or into what lies in the moved one by now, is taken back. Answers what is sent, each after its folder.
 */
export function settlePlaces({
  theirs,
  sent,
  set,
}: PlaceParts): { id: string; changes: FieldChanges; isNew: boolean }[] {
  const after = (id: string): Fields | FieldChanges | undefined =>
    theirs.has(id) || sent.has(id) ? { ...theirs.get(id), ...sent.get(id) } : undefined;
  const parentOf = (id: string): string => String(after(id)?.['parent'] ?? '');
  const isPlace = (id: string): boolean => id === '' || after(id)?.['type'] === 'folder';

  const takeBack = (id: string): void => {
    const { parent = '', moved = null } = theirs.get(id) ?? {};
    const isNew = !theirs.has(id);
    const changes = { ...sent.get(id) };
    if (isNew) changes['parent'] = '';
    else for (const name of ['parent', 'moved']) delete changes[name];
    sent.set(id, changes);
    set.set(id, { ...set.get(id), parent, ...(!isNew && { moved }) });
  };
  /** The entry and the folders above it, up to the top or to where it goes round. */
  const wayOf = (id: string): Set<string> => {
    const way = new Set<string>();
    for (let at = id; at !== '' && !way.has(at); at = parentOf(at)) way.add(at);
    return way;
  };
  const liesInItself = (id: string): boolean => wayOf(parentOf(id)).has(id);

  const placed = [...sent].filter(([, changes]) => 'parent' in changes).map(([id]) => id);
  for (const id of placed) if (!isPlace(parentOf(id))) takeBack(id);
  // As the relay has them nothing lies in itself: with enough moves taken back nothing does.
  for (const id of placed) if (theirs.has(id) && liesInItself(id)) takeBack(id);
  for (const id of placed) if (liesInItself(id)) takeBack(id);
  return [...sent]
    .filter(([, changes]) => Object.keys(changes).length > 0)
    .map(([id, changes]) => ({ id, changes, isNew: !theirs.has(id) }))
    .sort((a, b) => wayOf(a.id).size - wayOf(b.id).size);
}
