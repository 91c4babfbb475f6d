import type { PersonRow } from '../store/action-rows.ts';

/** Who the people of a list are, to whoever reads it. */
export interface Directory {
  /** Whose view it is. */
  readonly idTag: string;
  find(idTag: string): PersonRow | undefined;
  /** The id tag when no name is known. */
  nameOf(idTag: string): string;
  /** Followed, connected, or oneself. */
  isNear(idTag: string): boolean;
  /** Blocked or muted: not shown. */
  isHidden(idTag: string): boolean;
}

/** @param ownName how the identity calls itself */
export function createDirectory(people: readonly PersonRow[], idTag: string, ownName: string): Directory {
  const byTag = new Map(people.map((person) => [person.idTag, person]));
  const find = (name: string) => byTag.get(name);
  return {
    idTag,
    find,
    nameOf: (name) => (name === idTag ? ownName : find(name)?.name) || name,
    isNear: (name) => name === idTag || find(name)?.following === 1 || find(name)?.connected === 'connected',
    isHidden: (name) => find(name)?.blocked === 1 || find(name)?.muted === 1,
  };
}
