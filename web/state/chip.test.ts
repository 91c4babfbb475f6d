import { expect, test } from 'vitest';
import { chipSays as says, type ChipInput, type DeviceSaved, type RelaySync } from './chip.ts';

const saved: DeviceSaved = { kind: 'saved', at: 1 };
const saving: DeviceSaved = { kind: 'saving', since: 1 };
const failed: DeviceSaved = { kind: 'failed', message: 'disk full' };
const chipSays = (input: Omit<ChipInput, 'notices'>) => says({ ...input, notices: [] });
const synced: RelaySync = { kind: 'synced', at: 1 };

test('“On this device” is said only when the words are saved there', () => {
  expect(chipSays({ device: saved, relay: { kind: 'unclaimed' } })).toBe('device');
  expect(chipSays({ device: saving, relay: { kind: 'unclaimed' } })).toBe('saving');
  expect(chipSays({ device: undefined, relay: { kind: 'unclaimed' } })).toBe('opening');
});

test('“On the relay” needs both: saved here and acknowledged there', () => {
  expect(chipSays({ device: saved, relay: synced })).toBe('relay');
  expect(chipSays({ device: saving, relay: synced })).toBe('saving');
  expect(chipSays({ device: saved, relay: { kind: 'sending', rows: 2 } })).toBe('device');
});

test('offline is a normal state, in which what was acknowledged before is said to be sent, and nothing else', () => {
  const away = { kind: 'offline', dirty: 3, since: 1, sent: false } as const;
  expect(chipSays({ device: saved, relay: away })).toBe('device');
  expect(chipSays({ device: saved, relay: { ...away, dirty: 0 } })).toBe('device');
  expect(chipSays({ device: saved, relay: { ...away, dirty: 0, sent: true } })).toBe('sent');
  expect(chipSays({ device: saving, relay: { ...away, dirty: 0, sent: true } })).toBe('saving');
});

test('a failure is louder than anything else', () => {
  expect(chipSays({ device: failed, relay: synced })).toBe('attention');
  expect(chipSays({ device: saved, relay: { kind: 'attention', message: 'revoked' } })).toBe('attention');
  expect(says({ device: saved, relay: synced, notices: ['deletions'] })).toBe('attention');
});
