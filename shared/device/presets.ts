import { allows, type Capability, coversAll, everything } from './capability.ts';

/** SPEC C10: what a person chooses for a device. `custom` is whatever the others are not. */
export const presetNames = ['everything', 'daily', 'read', 'post'] as const;
export type PresetName = (typeof presetNames)[number];

const all = (...acts: string[]): Capability[] => acts.map((act) => ({ act, res: '*' }));
const ofTypes = (act: string, types: readonly string[]): Capability[] =>
  types.map((type) => ({ act, res: `type:${type}` }));

/** What posts are made of, and what is told about them. */
const postTypes = ['POST', 'CMNT', 'REACT', 'REPOST'] as const;
const feedTypes = [...postTypes, 'STAT', 'APRV'] as const;

const presets: Readonly<Record<PresetName, readonly Capability[]>> = {
  everything,
  /** All but letting others in and what concerns the identity itself. */
  daily: all(
    'action/*',
    'space/sync',
    'space/read',
    'file/*',
    'people/*',
    'neighbour/visit',
    'identity/profile',
  ),
  /** Documents, files, people and what was said; nothing is changed. */
  read: all('space/read', 'action/read', 'file/read', 'people/read'),
  /** Posts, comments, reactions, with pictures; no document, no file, no message. */
  post: [
    ...ofTypes('action/create', postTypes),
    ...ofTypes('action/read', feedTypes),
    ...all('file/create', 'people/read'),
  ],
};

/** The capabilities of a choice, for `add` and `change`. */
export function presetToCapabilities(name: PresetName): Capability[] {
  return presets[name].map((capability) => ({ ...capability }));
}

const areSame = (one: readonly Capability[], other: readonly Capability[]): boolean =>
  coversAll(one, other) && coversAll(other, one);

/** Which choice these capabilities are: the same rights, however they are written; undefined when they are none of them. */
export function findPreset(cap: readonly Capability[]): PresetName | 'folder' | undefined {
  const folder = findFolder(cap);
  if (folder !== undefined && areSame(cap, folderCapabilities(folder, mayWriteFolder(cap)))) return 'folder';
  return presetNames.find((name) => areSame(cap, presets[name]));
}

/** The choices that a device with these capabilities can give: none grants more than it has itself (SPEC L3). */
export function listGrantable(cap: readonly Capability[]): PresetName[] {
  return presetNames.filter((name) => coversAll(cap, presets[name]));
}

const folderPattern = /^folder:([0-9A-Za-z]{24})$/;

/** SPEC C13: one folder and what is in it, for `add`. @param write whether it is changed too */
export function folderCapabilities(folder: string, write: boolean): Capability[] {
  const acts = write ? ['space/sync', 'file/read', 'file/create'] : ['space/read', 'file/read'];
  return acts.map((act) => ({ act, res: `folder:${folder}` }));
}

/**
 * SPEC C13: the one folder of which a device with these capabilities has the documents; undefined when it has all documents or
 * none, and for several folders, which no device has.
 */
export function findFolder(cap: readonly Capability[]): string | undefined {
  if (mayReadSpace(cap)) return undefined;
  const folders = new Set<string>();
  for (const { res } of cap) {
    const folder = folderPattern.exec(res)?.[1];
    if (folder !== undefined && (allows(cap, 'space/read', res) || allows(cap, 'space/sync', res)))
      folders.add(folder);
  }
  const [folder] = folders;
  return folders.size === 1 ? folder : undefined;
}

/** SPEC C13: whether a device with one folder changes what is in it. */
export function mayWriteFolder(cap: readonly Capability[]): boolean {
  const folder = findFolder(cap);
  return folder !== undefined && allows(cap, 'space/sync', `folder:${folder}`);
}

/** SPEC C13, L3: whether a device with these capabilities can give another one a folder. */
export function mayGrantFolder(cap: readonly Capability[]): boolean {
  return coversAll(cap, folderCapabilities('0'.repeat(24), true));
}

/** SPEC C11: whether documents are read, and whether they are written. */
export function mayReadSpace(cap: readonly Capability[]): boolean {
  return allows(cap, 'space/read', '*') || mayWriteSpace(cap);
}

/** SPEC C11. */
export function mayWriteSpace(cap: readonly Capability[]): boolean {
  return allows(cap, 'space/sync', '*');
}
