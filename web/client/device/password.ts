import {
  base64urlToBytes,
  type Bytes,
  bytesToBase64url,
  concatBytes,
  textToBytes,
} from '../../../shared/bytes.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';

/** SPEC P6: what one guess costs, 128 MiB and about a second. The relay has no say in it. */
const cost = { N: 2 ** 17, r: 8, p: 1, dkLen: 64, asyncTick: 20 };

/** Shorter ones are not taken. */
export const shortestPassword = 10;

/** What a password gives. */
export interface PasswordKeys {
  /** Shown to the relay: 32 bytes, base64url. */
  readonly auth: string;
  /** Opens what the relay hands over for it; never leaves this device. */
  readonly sealing: Bytes;
}

/** SPEC P6: scrypt (RFC 7914) of the password in NFKC; the salt is bound to the identity. */
export async function derivePassword(password: string, idTag: IdTag, salt: string): Promise<PasswordKeys> {
  const { scryptAsync } = await import('@noble/hashes/scrypt.js');
  const salted = concatBytes(textToBytes(`islet-password-1 ${idTag} `), base64urlToBytes(salt));
  const derived = await scryptAsync(textToBytes(password.normalize('NFKC')), salted, cost);
  return { auth: bytesToBase64url(derived.slice(0, 32)), sealing: new Uint8Array(derived.slice(32)) };
}
