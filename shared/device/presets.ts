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

/** Which choice these capabilities are: the same rights, however they are written; undefined when they are none of them. */
export function findPreset(cap: readonly Capability[]): PresetName | undefined {
  return presetNames.find((name) => coversAll(cap, presets[name]) && coversAll(presets[name], cap));
}

/** The choices that a device with these capabilities can give: none grants more than it has itself (SPEC L3). */
export function listGrantable(cap: readonly Capability[]): PresetName[] {
  return presetNames.filter((name) => coversAll(cap, presets[name]));
}

/** SPEC C11: whether documents are read, and whether they are written. */
export function mayReadSpace(cap: readonly Capability[]): boolean {
  return allows(cap, 'space/read', '*') || mayWriteSpace(cap);
}

/** SPEC C11. */
export function mayWriteSpace(cap: readonly Capability[]): boolean {
  return allows(cap, 'space/sync', '*');
}
