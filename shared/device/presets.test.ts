import { describe, expect, it } from 'vitest';
import { allows, coversAll } from './capability.ts';
import {
  findFolder,
  findPreset,
  folderCapabilities,
  listGrantable,
  mayGrantFolder,
  mayReadSpace,
  mayWriteFolder,
  mayWriteSpace,
  presetNames,
  presetToCapabilities,
} from './presets.ts';

describe('C10: choices', () => {
  it.each(presetNames)('C10: %s is found again, in whatever order it stands', (name) => {
    expect(findPreset(presetToCapabilities(name))).toBe(name);
    expect(findPreset(presetToCapabilities(name).reverse())).toBe(name);
  });

  it('C10: what is a little less or more is none of them', () => {
    expect(findPreset(presetToCapabilities('read').slice(1))).toBeUndefined();
    expect(
      findPreset([...presetToCapabilities('read'), { act: 'neighbour/visit', res: '*' }]),
    ).toBeUndefined();
  });

  it('C10: a device gives what it has, and only one that has everything gives everything', () => {
    expect(listGrantable(presetToCapabilities('everything'))).toEqual(presetNames);
    expect(listGrantable(presetToCapabilities('daily'))).toEqual(['daily', 'read', 'post']);
    expect(listGrantable(presetToCapabilities('read'))).toEqual(['read']);
    for (const name of presetNames)
      expect(coversAll(presetToCapabilities('everything'), presetToCapabilities(name))).toBe(true);
  });

  it('C10: only everything lets others in, or changes the identity', () => {
    for (const act of ['device/enrol', 'identity/rotate', 'identity/delete'])
      expect(presetNames.filter((name) => allows(presetToCapabilities(name), act, '*'))).toEqual([
        'everything',
      ]);
  });

  it('C11: who reads documents, and who writes them', () => {
    const those = (may: typeof mayReadSpace) => presetNames.filter((name) => may(presetToCapabilities(name)));
    expect(those(mayReadSpace)).toEqual(['everything', 'daily', 'read']);
    expect(those(mayWriteSpace)).toEqual(['everything', 'daily']);
  });
});

describe('C13: one folder', () => {
  const folder = 'aBcDeFgHiJkLmNoPqRsTuVwX';
  const other = 'ABcDeFgHiJkLmNoPqRsTuVwX';

  it('C13: it is found, read or written, and is no other choice', () => {
    for (const write of [true, false]) {
      const cap = folderCapabilities(folder, write);
      expect([findFolder(cap), mayWriteFolder(cap), findPreset(cap)]).toEqual([folder, write, 'folder']);
      expect([mayReadSpace(cap), mayWriteSpace(cap)]).toEqual([false, false]);
      expect(listGrantable(cap)).toEqual([]);
      expect(findPreset([...cap, { act: 'people/read', res: '*' }])).toBeUndefined();
    }
    const parts = folderCapabilities(folder, true);
    expect(parts.some((capability) => allows([capability], 'file/read', '*'))).toBe(false);
  });

  it('C13: all documents, none and several folders are no folder', () => {
    expect(presetNames.map((name) => findFolder(presetToCapabilities(name)))).toEqual(
      presetNames.map(() => undefined),
    );
    expect(
      findFolder([...folderCapabilities(folder, true), ...folderCapabilities(other, false)]),
    ).toBeUndefined();
    expect(findFolder([{ act: 'file/read', res: `folder:${folder}` }])).toBeUndefined();
    expect(findFolder([{ act: 'space/read', res: 'folder:short' }])).toBeUndefined();
    expect(
      findFolder([{ act: 'space/read', res: `folder:${folder}`, lim: { rows: 1 } }]),
      'nobody counts limits',
    ).toBeUndefined();
    expect(
      findFolder([...folderCapabilities(folder, false), ...presetToCapabilities('read')]),
    ).toBeUndefined();
  });

  it('C13: who may give one, and that nothing else lies within it', () => {
    expect(presetNames.filter((name) => mayGrantFolder(presetToCapabilities(name)))).toEqual([
      'everything',
      'daily',
    ]);
    const cap = folderCapabilities(folder, true);
    expect(mayGrantFolder(cap)).toBe(false);
    expect(coversAll(presetToCapabilities('daily'), cap)).toBe(true);
    expect(coversAll(cap, folderCapabilities(other, false))).toBe(false);
    expect(coversAll(cap, folderCapabilities(folder, false)), 'reading is an act of its own').toBe(false);
    for (const name of presetNames) expect(coversAll(cap, presetToCapabilities(name))).toBe(false);
  });
});
