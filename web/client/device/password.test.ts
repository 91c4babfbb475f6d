import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { bytesToBase64url } from '../../../shared/bytes.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { derivePassword } from './password.ts';

test('P6: what a password gives is scrypt with the cost of the SPEC, bound to the identity', async () => {
  const salt = new Uint8Array(16).fill(7);
  const alice = parseIdTag('alice.test');
  // The sign for a kilogram is “kg” in NFKC.
  const { auth, sealing } = await derivePassword('four words ㎏', alice, bytesToBase64url(salt));
  const bound = Buffer.concat([Buffer.from('islet-password-1 alice.test '), salt]);
  const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
  const expected = scryptSync('four words kg', bound, 64, cost);
  expect(auth).toBe(expected.subarray(0, 32).toString('base64url'));
  expect(Buffer.from(sealing).equals(expected.subarray(32))).toBe(true);
});
