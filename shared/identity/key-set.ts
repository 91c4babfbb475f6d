import * as v from 'valibot';
import { base64ToBytes, bytesToBase64 } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { idTagSchema } from './id-tag.ts';

/** Seconds since 1970 from what neighbours write: integer seconds or an ISO date. */
const timestamp = v.pipe(
  v.union([v.pipe(v.number(), v.integer()), v.pipe(v.string(), v.isoTimestamp())]),
  v.transform((at) => (typeof at === 'number' ? at : Math.floor(new Date(at).getTime() / 1000))),
  // Some forms that pass for a timestamp are no date: without this, NaN would mean a key that never expires.
  v.safeInteger('not a time'),
);

export const identityKeySchema = v.object({
  keyId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** Base64 (standard alphabet) of the P-384 SPKI in DER. */
  publicKey: v.pipe(v.string(), v.maxLength(400)),
  /** Seconds since 1970; absent means no end is stated. */
  expiresAt: v.optional(timestamp),
});

export type IdentityKey = v.InferOutput<typeof identityKeySchema>;

/** What `GET /api/me` says (SPEC K1). Unknown members of neighbours are passed over. */
export const profileSchema = v.object({
  idTag: idTagSchema,
  name: v.pipe(v.string(), v.maxLength(200)),
  type: v.picklist(['person', 'community']),
  /** `f1~` of pictures, as files; `coverPic` in `GET /api/me/full` only. */
  profilePic: v.optional(v.string()),
  coverPic: v.optional(v.string()),
  keys: v.pipe(v.array(identityKeySchema), v.maxLength(64)),
});

export type Profile = v.InferOutput<typeof profileSchema>;

/** SPEC K2: the key named `k` that is valid at `at` (seconds). @throws IsletError E-KEY-UNKNOWN */
export function findKey(keys: readonly IdentityKey[], k: string, at: number): IdentityKey {
  const key = keys.find((candidate) => candidate.keyId === k);
  if (!key) throw new IsletError('E-KEY-UNKNOWN', 'the issuer does not list this key', k);
  if (key.expiresAt !== undefined && key.expiresAt < at)
    throw new IsletError('E-KEY-UNKNOWN', 'the key has expired', k);
  return key;
}

const spkiPrefixLength = 23;
const spkiLength = 120;
const spkiPrefix = 'MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE';

/** SPEC K1: SPKI of an uncompressed P-384 point, nothing else. @throws IsletError E-KEY-UNKNOWN */
export function parseIdentityPublicKey(publicKey: string): Uint8Array<ArrayBuffer> {
  const der = decodeKey(publicKey);
  if (der.length !== spkiLength || !bytesToBase64(der.slice(0, spkiPrefixLength + 1)).startsWith(spkiPrefix))
    throw new IsletError('E-KEY-UNKNOWN', 'not a P-384 public key', publicKey);
  return der;
}

function decodeKey(publicKey: string): Uint8Array<ArrayBuffer> {
  try {
    return base64ToBytes(publicKey);
  } catch {
    throw new IsletError('E-KEY-UNKNOWN', 'a public key is base64', publicKey);
  }
}

/** A verifying key for jose and WebCrypto. @throws IsletError E-KEY-UNKNOWN when the point is not on the curve */
export async function importIdentityKey(key: IdentityKey): Promise<CryptoKey> {
  const der = parseIdentityPublicKey(key.publicKey);
  try {
    return await crypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'verify',
    ]);
  } catch {
    throw new IsletError('E-KEY-UNKNOWN', 'not a point of P-384', key.publicKey);
  }
}
