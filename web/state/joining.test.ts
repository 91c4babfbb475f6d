import { expect, test } from 'vitest';
import { join, joining, parseSetupFragment, parseSetupOwner, provideJoining, setJoining } from './joining.ts';
import { planSetup } from './setup.ts';

test('N21: a setup link carries one token, and whose it is when that is not the app’s own', () => {
  expect(parseSetupFragment('#abcdefghijklmnop')).toBe('abcdefghijklmnop');
  expect(parseSetupFragment('#abcdefghijklmnop&bob.alice.test')).toBe('abcdefghijklmnop');
  expect(parseSetupOwner('#abcdefghijklmnop&bob.alice.test')).toBe('bob.alice.test');
  expect(parseSetupOwner('#abcdefghijklmnop')).toBeUndefined();
  expect(parseSetupFragment('#short')).toBeUndefined();
  expect(parseSetupFragment('')).toBeUndefined();
});

test('a rejection becomes a failure in words, and a told failure is not replaced', async () => {
  provideJoining(() =>
    Promise.resolve({ claim: () => Promise.reject(new Error('no')), enter: async () => {} }),
  );
  await join((source) => source.claim('x'));
  expect(joining()).toEqual({ kind: 'failed', reason: 'other', message: 'no' });

  await join((source) => {
    setJoining({ kind: 'failed', reason: 'used', message: 'E-SETUP-USED' });
    return source.claim('x');
  });
  expect(joining()).toMatchObject({ reason: 'used' });
});

test('an attempt that was given up shows nothing any more, and takes nothing from the one that follows', async () => {
  provideJoining(() => Promise.resolve({ claim: async () => {}, enter: async () => {} }));
  let giveUp = (_: unknown): void => undefined;
  const first = join(() => new Promise<void>((_, reject) => (giveUp = reject)));
  await Promise.resolve();
  await join(() => Promise.resolve(setJoining({ kind: 'waiting', words: ['one'] })));
  giveUp(new DOMException('given up', 'AbortError'));
  await first;
  expect(joining()).toEqual({ kind: 'waiting', words: ['one'] });

  await join(() => Promise.reject(new DOMException('given up', 'AbortError')));
  expect(joining()).toEqual({ kind: 'idle' });
});

test('what a setup link would do follows from who is here; nothing is done by looking', () => {
  expect(planSetup(undefined, 'alice.test')).toEqual({ kind: 'first', idTag: 'alice.test' });
  expect(planSetup('alice.test', 'alice.test')).toEqual({ kind: 'holds', idTag: 'alice.test' });
  expect(planSetup('alice.test', 'bob.test')).toEqual({
    kind: 'another',
    idTag: 'bob.test',
    own: 'alice.test',
  });
  // Whose link it is was not to be learned: it may be another's.
  expect(planSetup('alice.test', undefined)).toMatchObject({ kind: 'another', own: 'alice.test' });
});
