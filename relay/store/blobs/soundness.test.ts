import { expect, test } from 'vitest';
import { createSoundness } from './soundness.ts';

test('a check runs once for all who wait for it, again under another mark, again after a failure', async () => {
  const soundness = createSoundness();
  let runs = 0;
  const sound = () => Promise.resolve(++runs > 0);
  expect(await Promise.all([1, 2, 3].map(() => soundness.ensure('a', 'mark', sound)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(runs).toBe(1);
  await soundness.ensure('a', 'other', sound);
  expect(runs).toBe(2);
  expect(soundness.recall('a', 'mark')).toBeUndefined();
  soundness.forget('a');
  await expect(soundness.ensure('a', 'other', () => Promise.reject(new Error('no disk')))).rejects.toThrow();
  expect(await soundness.ensure('a', 'other', sound)).toBe(true);
  expect(runs).toBe(3);
});

test('without a mark nothing is remembered', async () => {
  const soundness = createSoundness();
  let runs = 0;
  for (let i = 0; i < 3; i++) await soundness.ensure('a', undefined, () => Promise.resolve(++runs > 0));
  expect(runs).toBe(3);
});

test('the oldest are forgotten first', async () => {
  const soundness = createSoundness();
  for (let i = 0; i <= 20_000; i++) soundness.note(String(i), 'mark', true);
  expect(soundness.recall('0', 'mark')).toBeUndefined();
  expect(await soundness.recall('1', 'mark')).toBe(true);
  expect(await soundness.recall('20000', 'mark')).toBe(true);
});
