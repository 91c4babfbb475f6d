import { bytesToBase64 } from '../bytes.ts';
import type { DeviceDescription } from '../device/device-log.ts';
import {
  createSigner,
  type Did,
  jwkToDid,
  jwkToPublic,
  type PublicJwk,
  type Signer,
} from '../identity/did.ts';
import type { IdentityKey } from '../identity/key-set.ts';

const ecdsa = { name: 'ECDSA', namedCurve: 'P-384' };

/** A pair of keys with the names it has as a device and as an identity. */
export interface TestKey {
  readonly did: Did;
  readonly jwk: PublicJwk;
  readonly sign: Signer;
  readonly verifyingKey: CryptoKey;
  /** As `GET /api/me` lists it. */
  readonly publicKey: string;
}

async function toTestKey(privateKey: CryptoKey, verifyingKey: CryptoKey): Promise<TestKey> {
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', verifyingKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', verifyingKey));
  return {
    did: jwkToDid(jwk),
    jwk,
    sign: createSigner(privateKey),
    verifyingKey,
    publicKey: bytesToBase64(spki),
  };
}

export async function createTestKey(): Promise<TestKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  return toTestKey(privateKey, publicKey);
}

/** The key that an identity lists as `keyId`. */
export function listKey(key: TestKey, keyId = '261121', expiresAt?: number): IdentityKey {
  return { keyId, publicKey: key.publicKey, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** A device as its log entry describes it; both its keys are the same here, which the log does not mind. */
export function describeDevice(key: TestKey, name = 'laptop'): DeviceDescription {
  return { did: key.did, jwk: key.jwk, ecdh: key.jwk, name };
}

/** A key of `vectors/keys.json`: its private half is public, for tests only. */
export async function importTestKey(jwk: JsonWebKey): Promise<TestKey> {
  const { kty, crv, x, y } = jwk as Required<JsonWebKey>;
  const privateKey = await crypto.subtle.importKey('jwk', jwk, ecdsa, true, ['sign']);
  const verifyingKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, ecdsa, true, ['verify']);
  return toTestKey(privateKey, verifyingKey);
}
