import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url } from '../bytes.ts';
import { codeOf, readKeyVectors, readVectors } from '../test/vectors.ts';
import { importDeviceKey, jwkToDid, jwkToPublic, type PublicJwk } from './did.ts';

const { vectors } = readVectors(
  'vectors/dids.json',
  v.object({
    vectors: v.array(v.object({ why: v.string(), did: v.string(), x: v.string(), y: v.string() })),
  }),
);

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The field and the constant of P-384: y² = x³ − 3x + b (FIPS 186-5). */
const p = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;
const b = 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let bits = exponent, square = base; bits > 0n; bits >>= 1n, square = (square * square) % p)
    if (bits & 1n) result = (result * square) % p;
  return result;
}

function coordinate(number: bigint): string {
  return Buffer.from(number.toString(16).padStart(96, '0'), 'hex').toString('base64url');
}

/** Reads a did:key on another way than the code under test writes it: decode, decompress, compute y. */
function didToPoint(did: string): { x: string; y: string } {
  const digits = [...did.slice('did:key:z'.length)].map((character) => BigInt(base58.indexOf(character)));
  const hex = digits.reduce((sum, digit) => sum * 58n + digit, 0n).toString(16);
  expect(hex.slice(0, 4)).toBe('8124');
  const x = BigInt(`0x${hex.slice(6)}`);
  const root = power((((x * x * x - 3n * x + b) % p) + p) % p, (p + 1n) / 4n);
  const odd = hex.slice(4, 6) === '03' ? 1n : 0n;
  return { x: coordinate(x), y: coordinate((root & 1n) === odd ? root : p - root) };
}

describe('K4: did:key', () => {
  it.each(vectors)('K4: $why', async ({ did, x, y }) => {
    expect(didToPoint(did)).toEqual({ x, y });
    const jwk: PublicJwk = { kty: 'EC', crv: 'P-384', x, y };
    await importDeviceKey(jwk);
    expect(jwkToDid(jwk)).toBe(did);
  });

  it.each(readKeyVectors())('K4: the key of $name', ({ jwk, did }) => {
    const { x, y } = jwk;
    expect(jwkToDid(jwkToPublic(jwk))).toBe(did);
    expect(didToPoint(did)).toEqual({ x, y });
  });

  it('K4: the mirrored point is another device', () => {
    const { x, y } = vectors[0]!;
    const number = BigInt(`0x${Buffer.from(y, 'base64url').toString('hex')}`);
    const mirrored: PublicJwk = { kty: 'EC', crv: 'P-384', x, y: coordinate(p - number) };
    expect(jwkToDid(mirrored)).not.toBe(vectors[0]!.did);
  });
});

describe('K3: device keys', () => {
  const { x, y } = vectors[0]!;
  const good: PublicJwk = { kty: 'EC', crv: 'P-384', x, y };

  it('K3: keeps the four public members only', () => {
    expect(jwkToPublic({ ...good, d: x, key_ops: ['sign'], ext: true })).toEqual(good);
  });

  it('K3: refuses a point off the curve', async () => {
    const bytes = base64urlToBytes(y);
    bytes[47]! ^= 1;
    expect(await codeOf(() => importDeviceKey({ ...good, y: bytesToBase64url(bytes) }))).toBe(
      'E-KEY-UNKNOWN',
    );
    expect(await codeOf(() => importDeviceKey({ ...good, x: 'A'.repeat(64), y: 'A'.repeat(64) }))).toBe(
      'E-KEY-UNKNOWN',
    );
  });

  it('K3: refuses coordinates that are not reduced', async () => {
    expect(await codeOf(() => importDeviceKey({ ...good, x: coordinate(p) }))).toBe('E-KEY-UNKNOWN');
    expect(await codeOf(() => importDeviceKey({ ...good, x: '_'.repeat(64) }))).toBe('E-KEY-UNKNOWN');
  });
});
