/**
 * Several spaces can live in one browser, each with its own documents, keys and identity. What is stored for one is named by it, and
 * nothing else keeps them apart. The first space is the empty name: it has the names that it had when there was only one.
 */
export type SpaceId = string;

/** The space that this page shows; `theme.js` chose it before anything was opened, and a page never changes it. In a worker the first. */
export const currentSpace: SpaceId = globalThis.document?.documentElement.dataset['space'] ?? '';

/**
 * The name under which a space keeps something in this browser: a database, a lock, a channel, a key of localStorage, a tag. What is in
 * front marks it, since earlier builds look for names by how they begin and must not find another space's.
 */
export function storageName(base: string, space: SpaceId = currentSpace): string {
  return space === '' ? base : `${space}~${base}`;
}

export function isSpaceId(text: string): text is SpaceId {
  return /^([0-9a-z]{8})?$/.test(text);
}

/** The space that has this name, which `storageName` made. */
export function spaceOfName(name: string): SpaceId {
  return /^([0-9a-z]{8})~/.exec(name)?.[1] ?? '';
}
