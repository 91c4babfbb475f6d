import { describe, expect, it } from 'vitest';
import { allows, coversAll } from './capability.ts';
import {
  findPreset,
  listGrantable,
  mayReadSpace,
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
