/** `G` then one of these letters goes to the page. */
export const places = {
  h: '/home',
  d: '/files',
  f: '/feed',
  p: '/people',
  m: '/messages',
  n: '/notices',
  s: '/settings',
} as const;

export type Place = (typeof places)[keyof typeof places];

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const mod = isMac ? '⌘' : 'Ctrl';

/** Keys as they are shown, one table for the list of keys and for the commands. */
export const keyNames = {
  search: [mod, 'K'],
  help: ['?'],
  newDocument: [mod, 'Alt', 'N'],
  space: ['G', '1 – 9'],
  escape: ['Esc'],
  toolbar: ['Alt', 'F10'],
  bold: [mod, 'B'],
  italic: [mod, 'I'],
  code: [mod, 'E'],
  heading1: [mod, 'Alt', '1'],
  undo: [mod, 'Z'],
} as const satisfies Record<string, readonly string[]>;

/** The keys that go to a page. */
export function keysOfPlace(place: Place): string[] {
  return [
    'G',
    ...Object.entries(places).flatMap(([letter, path]) => (path === place ? letter.toUpperCase() : [])),
  ];
}
