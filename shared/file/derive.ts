import { type Bytes, copyBytes, textToBytes } from '../bytes.ts';

/** HKDF-SHA-256 (RFC 5869): `length` bytes for one purpose, which `info` names. */
export async function deriveBytes(
  secret: Uint8Array,
  { salt = new Uint8Array(), info, length }: { salt?: Uint8Array; info: string; length: number },
): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', copyBytes(secret), 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: copyBytes(salt), info: textToBytes(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}

/** An AES-256-GCM key that script cannot read again. */
export function importAesKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', copyBytes(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

interface AesInput {
  readonly key: CryptoKey;
  /** 96 bits. */
  readonly nonce: Uint8Array;
  /** Authenticated with the bytes, and not part of the result. */
  readonly bound: Uint8Array;
  readonly bytes: Uint8Array;
}

/** AES-256-GCM (NIST SP 800-38D); the last 16 bytes are the tag. */
export async function encryptAes({ key, nonce, bound, bytes }: AesInput): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: copyBytes(nonce), additionalData: copyBytes(bound) };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, copyBytes(bytes)));
}

/** Undefined when key, nonce, bound bytes or ciphertext are not those of the encryption. */
export async function decryptAes({ key, nonce, bound, bytes }: AesInput): Promise<Bytes | undefined> {
  const algorithm = { name: 'AES-GCM', iv: copyBytes(nonce), additionalData: copyBytes(bound) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, copyBytes(bytes)));
  } catch {
    return undefined;
  }
}
