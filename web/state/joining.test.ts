import { expect, test } from 'vitest';
import {
  join,
  joining,
  parseEnrolFragment,
  parseSetupFragment,
  provideJoining,
  setJoining,
} from './joining.ts';

test('a setup link carries one token, a device link an id and a secret', () => {
  expect(parseSetupFragment('#abcdefghijklmnop')).toBe('abcdefghijklmnop');
  expect(parseSetupFragment('#short')).toBeUndefined();
  expect(parseSetupFragment('')).toBeUndefined();
  expect(parseEnrolFragment('#abcdefgh.ABCDEFGHIJKLMNOP')).toEqual({
    id: 'abcdefgh',
    secret: 'ABCDEFGHIJKLMNOP',
  });
  expect(parseEnrolFragment('#abcdefgh')).toBeUndefined();
  expect(parseEnrolFragment('#abcdefgh.short')).toBeUndefined();
});

test('a rejection becomes a failure in words, and a told failure is not replaced', async () => {
  provideJoining(() =>
    Promise.resolve({ claim: () => Promise.reject(new Error('no')), enrol: async () => {} }),
  );
  await join((source) => source.claim('x'));
  expect(joining()).toEqual({ kind: 'failed', reason: 'other', message: 'no' });

  await join((source) => {
    setJoining({ kind: 'failed', reason: 'used', message: 'E-SETUP-USED' });
    return source.claim('x');
  });
  expect(joining()).toMatchObject({ reason: 'used' });
});
