import { beforeAll, describe, expect, it } from 'vitest';
import { createTestKey, type TestKey } from '../test/keys.ts';
import { alice, bob, noon } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import { signCompact } from '../token/compact.ts';
import {
  assertionLifetime,
  assertionSkew,
  assertionTyp,
  signAssertion,
  verifyAssertion,
} from './assertion.ts';

const jti = 'AAAAAAAAAAAAAAAAAAAAAA';
let device: TestKey;
let other: TestKey;
beforeAll(async () => {
  [device, other] = await Promise.all([createTestKey(), createTestKey()]);
});

const claims = (change: object = {}) => ({
  iss: device.did,
  aud: alice,
  jti,
  iat: noon,
  exp: noon + 60,
  ...change,
});
const expected = (now = noon) => ({ aud: alice, did: device.did, jwk: device.jwk, now });
const judge = async (change: object, now = noon, typ = assertionTyp, sign = device.sign) => {
  const text = await signCompact(typ, claims(change), sign);
  return codeOf(() => verifyAssertion(text, expected(now)));
};

describe('X1: assertions', () => {
  it('X1: a device shows who it is', async () => {
    const text = await signAssertion({ did: device.did, aud: alice, jti, now: noon }, device.sign);
    expect(await verifyAssertion(text, expected())).toEqual(claims());
  });

  it.each([
    ['for another identity', { aud: bob }, 'E-ASSERTION-INVALID'],
    ['from another device', { iss: 'did:key:zOther' }, 'E-ASSERTION-INVALID'],
    ['a second too long', { exp: noon + assertionLifetime + 1 }, 'E-ASSERTION-INVALID'],
    ['without jti', { jti: undefined }, 'E-ASSERTION-INVALID'],
    ['with a short jti', { jti: 'A' }, 'E-ASSERTION-INVALID'],
    ['without exp', { exp: undefined }, 'E-ASSERTION-INVALID'],
    ['with a member nobody knows', { scope: '*' }, 'E-ASSERTION-INVALID'],
  ])('X1: refuses one %s', async (_why, change, code) => {
    expect(await judge(change)).toBe(code);
  });

  it('X1: clocks may be a minute apart and no more', async () => {
    expect(await judge({}, noon - assertionSkew)).toBe('accepted');
    expect(await judge({}, noon - assertionSkew - 1)).toBe('E-TOKEN-TIME');
    expect(await judge({}, noon + assertionLifetime + assertionSkew)).toBe('accepted');
    expect(await judge({}, noon + assertionLifetime + assertionSkew + 1)).toBe('E-TOKEN-TIME');
  });

  it('T5: another kind of signed thing is none', async () => {
    for (const typ of ['JWT', 'delegation+jwt', 'device-log+jwt'])
      expect(await judge({}, noon, typ)).toBe('E-TOKEN-TYPE');
  });

  it('X1: signed by another device', async () => {
    expect(await judge({}, noon, assertionTyp, other.sign)).toBe('E-TOKEN-SIGNATURE');
  });
});
