import { IsletError } from './errors.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Bytes that stand in an ArrayBuffer of their own kind, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Returns `n` random bytes; handed in by browser and relay, so that tests can repeat a run. */
export type Random = (n: number) => Bytes;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function textToBytes(text: string): Bytes {
  return encoder.encode(text);
}

/** @throws IsletError E-VAL-INVALID when the bytes are not UTF-8. */
export function bytesToText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new IsletError('E-VAL-INVALID', 'not UTF-8');
  }
}

/** Base64url without padding (RFC 4648 §5). */
export function bytesToBase64url(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const chars = Math.min(4, bytes.length - i + 1);
    for (let j = 0; j < chars; j++) out += alphabet[(chunk >> (18 - 6 * j)) & 63];
  }
  return out;
}

const values = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/**
 * Canonical base64url only: no padding, no white space, no stray bits, so that one value has one text (SPEC T2).
 * @throws IsletError E-VAL-INVALID
 */
export function base64urlToBytes(text: string): Bytes {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) throw new IsletError('E-VAL-INVALID', 'not base64url', text.slice(0, 80));
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
    }
  }
  const stray = held & ((1 << bits) - 1);
  if (text.length % 4 === 1 || stray !== 0)
    throw new IsletError('E-VAL-INVALID', 'base64url is not canonical', text.slice(0, 80));
  return out;
}

/** True for canonical base64url (SPEC T2). */
export function isBase64url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1 && (text.length % 4 === 0 || !hasStrayBits(text));
}

function hasStrayBits(text: string): boolean {
  const spare = text.length % 4 === 2 ? 15 : 3;
  return (values[text.charCodeAt(text.length - 1)]! & spare) !== 0;
}

/** Standard base64 (RFC 4648 §4) as the `publicKey` of `/api/me` has it. */
export function bytesToBase64(bytes: Uint8Array): string {
  const url = bytesToBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return url + '='.repeat((4 - (url.length % 4)) % 4);
}

/** @throws IsletError E-VAL-INVALID when the text is not canonical base64 */
export function base64ToBytes(text: string): Bytes {
  if (text.length % 4 !== 0 || /[-_]/.test(text)) throw new IsletError('E-VAL-INVALID', 'not base64', text);
  return base64urlToBytes(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  );
}

export function concatBytes(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A copy in a plain ArrayBuffer: what WebCrypto accepts and what may be kept. */
export function copyBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', copyBytes(bytes)));
}

/** base64url of SHA-256 over the UTF-8 of a text; handed in where there is a quicker way than WebCrypto's. */
export type HashText = (text: string) => string | Promise<string>;

/** As `HashText` says. */
export async function hashText(text: string): Promise<string> {
  return bytesToBase64url(await sha256(textToBytes(text)));
}

const idAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 24 characters of [0-9A-Za-z] (142 bits), without modulo bias: ids of documents. */
export function createRandomId(random: Random): string {
  let out = '';
  while (out.length < 24) {
    for (const byte of random(32)) {
      if (byte < 248 && out.length < 24) out += idAlphabet[byte % 62];
    }
  }
  return out;
}
