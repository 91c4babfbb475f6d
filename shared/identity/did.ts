import * as v from 'valibot';
import { base64urlToBytes, concatBytes, copyBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';

const coordinate = v.pipe(v.string(), v.regex(/^[\w-]{64}$/, 'not a P-384 coordinate'));

/** A P-384 public key as a JWK with exactly these members (RFC 7517, RFC 7518 §6.2). */
export const publicJwkSchema = v.strictObject({
  kty: v.literal('EC'),
  crv: v.literal('P-384'),
  x: coordinate,
  y: coordinate,
});

export type PublicJwk = v.InferOutput<typeof publicJwkSchema>;

export type Did = `did:key:z${string}`;

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function bytesToBase58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let out = '';
  for (; number > 0n; number /= 58n) out = base58[Number(number % 58n)]! + out;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros < 0 ? bytes.length : zeros) + out;
}

/**
 * SPEC K4: the did:key of a P-384 key: multicodec 0x1201, compressed point, base58btc.
 * @throws IsletError E-VAL-INVALID
 */
export function jwkToDid(jwk: PublicJwk): Did {
  const y = base64urlToBytes(jwk.y);
  const sign = (y.at(-1)! & 1) === 1 ? 3 : 2;
  const point = concatBytes(new Uint8Array([0x81, 0x24, sign]), base64urlToBytes(jwk.x));
  return `did:key:z${bytesToBase58(point)}`;
}

/** Keeps the four public members of an exported key. @throws IsletError E-VAL-INVALID */
export function jwkToPublic(jwk: JsonWebKey): PublicJwk {
  return v.parse(publicJwkSchema, { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y });
}

const imported = new WeakMap<PublicJwk, Promise<CryptoKey>>();

/** The same object is imported once. @throws IsletError E-KEY-UNKNOWN when the point is not on the curve */
export function importDeviceKey(jwk: PublicJwk): Promise<CryptoKey> {
  const known = imported.get(jwk) ?? importNow(jwk);
  imported.set(jwk, known);
  return known;
}

async function importNow(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', { ...jwk }, { name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'verify',
    ]);
  } catch {
    throw new IsletError('E-KEY-UNKNOWN', 'not a point of P-384', jwk);
  }
}

export type Signer = (bytes: Uint8Array) => Promise<Uint8Array>;

/** A signer over a WebCrypto key: ECDSA with SHA-384, raw R‖S of 96 bytes (RFC 7518 §3.4). */
export function createSigner(key: CryptoKey, subtle: SubtleCrypto = crypto.subtle): Signer {
  return async (bytes) =>
    new Uint8Array(await subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, key, copyBytes(bytes)));
}

/** The secret that a private ECDH key shares with theirs: the x coordinate of the common point, 48 bytes. */
export type DeriveSecret = (theirs: CryptoKey) => Promise<Uint8Array>;

export function createDeriveSecret(own: CryptoKey): DeriveSecret {
  return async (theirs) =>
    new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, 384));
}
