import * as Y from 'yjs';

/** What was read of the members of one map; those that changed since are not in it. */
type Known<T> = Map<string, T>;

/**
 * Reads the members of a shared map that are maps themselves, in their order; anything else is passed over. What did not change is the same
 * object as before, so that one letter in a board of thousands of cards reads one card. What is read is not to be changed.
 */
export function createMemberReader<T>(
  read: (id: string, fields: Y.Map<unknown>) => T,
): (map: Y.Map<unknown>) => T[] {
  const maps = new WeakMap<Y.Map<unknown>, Known<T>>();
  return (map) => {
    // Observers hear of a change when its transaction ends: until then nothing is known.
    const isChanging = (map.doc?._transaction?.changed.size ?? 0) > 0;
    const known = isChanging ? new Map<string, T>() : (maps.get(map) ?? follow(map));
    if (!isChanging) maps.set(map, known);
    const members: T[] = [];
    for (const [id, fields] of map.entries()) {
      if (!(fields instanceof Y.Map)) continue;
      const member = known.get(id) ?? read(id, fields);
      known.set(id, member);
      members.push(member);
    }
    return members;
  };
}

/** Forgets each member in which something changed. */
function follow<T>(map: Y.Map<unknown>): Known<T> {
  const known: Known<T> = new Map();
  map.observeDeep((events) => {
    for (const event of events) {
      const [member] = event.path;
      const ids = member === undefined ? event.changes.keys.keys() : [String(member)];
      for (const id of ids) known.delete(id);
    }
  });
  return known;
}
