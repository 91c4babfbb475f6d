import { bytesToBase64url, type Bytes, type Random, sha256, textToBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import type { Did } from '../identity/did.ts';
import { type IdTag, parseIdTag } from '../identity/id-tag.ts';
import type { DeviceDescription } from './device-log.ts';
import { type DeviceLink, parseLink, signUnderLink } from './link.ts';

/** Crockford's base 32: no I, L, O and U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeBytes = 10;
const codeLength = 16;

/** In seconds. */
export const codeLifetime = 600;

/** SPEC P4: 80 bits in 16 characters, as one device shows them and the other reads them. */
export function createCode(random: Random): string {
  let bits = random(codeBytes).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let code = '';
  for (let i = 0; i < codeLength; i++, bits >>= 5n) code = alphabet[Number(bits & 31n)]! + code;
  return code;
}

/** In groups of four. */
export function formatCode(code: string): string {
  return (code.match(/.{4}/g) ?? []).join('-');
}

/** What a person typed: letters of either case, O for 0, I and L for 1, hyphens and spaces anywhere. @throws IsletError E-LINK-UNKNOWN */
export function parseCode(text: string): string {
  const code = text
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (code.length !== codeLength || [...code].some((character) => !alphabet.includes(character)))
    throw new IsletError('E-LINK-UNKNOWN', 'a code has 16 letters and digits');
  return code;
}

function codeToBytes(code: string): Bytes {
  const bits = [...code].reduce((sum, character) => (sum << 5n) | BigInt(alphabet.indexOf(character)), 0n);
  return new Uint8Array(
    Array.from({ length: codeBytes }, (_, i) => Number((bits >> BigInt(8 * (9 - i))) & 255n)),
  );
}

/** SPEC P4: the link that a code stands for (HKDF-SHA-256, RFC 5869). The relay gets to know `id` and nothing more. */
export async function codeToLink(code: string): Promise<DeviceLink> {
  const key = await crypto.subtle.importKey('raw', codeToBytes(code), 'HKDF', false, ['deriveBits']);
  const derive = async (info: string, bytes: number) => {
    const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: textToBytes(info) };
    return bytesToBase64url(new Uint8Array(await crypto.subtle.deriveBits(parameters, key, bytes * 8)));
  };
  return { id: await derive('islet-pairing-id-1', 16), secret: await derive('islet-pairing-secret-1', 32) };
}

/** What a QR code or a link says: a code, or a link of the older kind; and whose devices it is about, when it says so. */
export type Pairing =
  | { readonly kind: 'code'; readonly code: string; readonly idTag?: IdTag }
  | { readonly kind: 'link'; readonly link: DeviceLink };

/** The fragment, without `#`. */
export function formatPairing(code: string, idTag?: IdTag): string {
  return idTag === undefined ? formatCode(code) : `${formatCode(code)}&${idTag}`;
}

/**
 * A fragment, or a whole address with one (SPEC P4).
 * @throws IsletError E-LINK-UNKNOWN, E-VAL-ID-TAG
 */
export function parsePairing(text: string): Pairing {
  const fragment = text.slice(text.indexOf('#') + 1).trim();
  if (fragment.includes('.') && !fragment.includes('&')) return { kind: 'link', link: parseLink(fragment) };
  const [code = '', idTag] = fragment.split('&');
  return { kind: 'code', code: parseCode(code), ...(idTag !== undefined && { idTag: parseIdTag(idTag) }) };
}

/** SPEC P5: three numbers below 2048, the same on both devices unless keys or name were changed on the way. */
export async function pairingNumbers(link: DeviceLink, device: DeviceDescription): Promise<number[]> {
  return takeNumbers(await signUnderLink(link, 'islet-pairing-words-1', device));
}

/** SPEC G16: the three numbers by which a person tells keys of one device apart. */
export async function keyNumbers(did: Did): Promise<number[]> {
  return takeNumbers(await sha256(textToBytes(did)));
}

/** The first 33 bits, 11 each. */
function takeNumbers(bytes: Uint8Array): number[] {
  const bits = bytes.slice(0, 5).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return [29n, 18n, 7n].map((shift) => Number((bits >> shift) & 2047n));
}
