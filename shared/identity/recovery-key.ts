import * as v from 'valibot';
import {
  base64urlToBytes,
  type Bytes,
  bytesToBase64url,
  bytesToText,
  concatBytes,
  copyBytes,
  equalBytes,
  type Random,
  sha256,
  textToBytes,
} from '../bytes.ts';
import type { EnrolmentKeyDescription } from '../device/device-log.ts';
import { IsletError } from '../errors.ts';
import {
  createDeriveSecret,
  createSigner,
  type DeriveSecret,
  type Did,
  jwkToDid,
  type Signer,
} from './did.ts';
import { type IdTag, parseIdTag } from './id-tag.ts';

/** SPEC X13: rounds of PBKDF2-HMAC-SHA-512 that a guess of the passphrase costs; fewer are not taken, nor so many that opening hangs. */
export const kitRounds = 1_000_000;
const mostRounds = 20_000_000;
/** What a passphrase has at least, in characters. */
export const shortestPassphrase = 12;

/** The two pairs of a recovery key, as WebCrypto exports them: one signs, the other is sealed to. */
export interface RecoveryPairs {
  readonly signing: JsonWebKey;
  readonly sealing: JsonWebKey;
}

/** SPEC X13: a recovery key under a passphrase, as it stands in the kit and in its QR code. */
export interface SealedKey {
  readonly idTag: IdTag;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly rounds: number;
  /** All of it, as it is written down. */
  readonly text: string;
}

/** An open recovery key. */
export interface RecoveryKey {
  readonly idTag: IdTag;
  /** As the device log names it. */
  readonly description: EnrolmentKeyDescription;
  readonly sign: Signer;
  /** What opens that which is sealed to `description.ecdh`. */
  readonly derive: DeriveSecret;
}

const privateJwkSchema = v.object({
  x: v.pipe(v.string(), v.length(64)),
  y: v.pipe(v.string(), v.length(64)),
  d: v.pipe(v.string(), v.length(64)),
});

/** Of one coordinate of P-384, in bytes. */
const part = 48;
const secretLength = 6 * part;
const tagLength = 16;
const checkLength = 4;
const prefix = 'ISLETKIT1:';
/** Rounds, time, salt and nonce; behind them the length of the id tag. */
const place = { rounds: 0, time: 4, salt: 9, nonce: 25, name: 37 };

/** How the device log calls it. */
export function describeRecoveryKey(did: Did, jwk: EnrolmentKeyDescription['jwk'], ecdh: typeof jwk) {
  return { did, jwk, ecdh, kind: 'recovery' as const, name: 'Recovery kit' };
}

/** SPEC X13. The pairs are forgotten by who calls: the text is the only place that keeps them. */
export async function sealRecoveryKey(
  key: { idTag: IdTag; createdAt: number; pairs: RecoveryPairs },
  passphrase: string,
  random: Random,
  rounds = kitRounds,
): Promise<string> {
  const secret = concatBytes(...[key.pairs.signing, key.pairs.sealing].flatMap(pairToBytes));
  const name = textToBytes(key.idTag);
  const head = concatBytes(
    bigEndian(rounds, 4),
    bigEndian(key.createdAt, 5),
    random(16),
    random(12),
    bigEndian(name.length, 1),
    name,
  );
  const cipher = await openCipher(head, passphrase, rounds);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher.algorithm, cipher.key, secret));
  const body = concatBytes(head, sealed);
  return prefix + bytesToBase32(concatBytes(body, (await sha256(body)).subarray(0, checkLength)));
}

/**
 * Reads what stands outside the seal. White space, hyphens and small letters are what happens to a text that is copied from paper.
 * @throws IsletError E-KIT-INVALID; `details.reason`: `form` when it is no kit, `damaged` when a part of it is missing or changed
 */
export async function parseSealedKey(text: string): Promise<SealedKey> {
  const written = text.replace(/[\s-]/g, '').toUpperCase();
  if (!written.startsWith(prefix)) throw invalid('form', 'this is not a recovery kit');
  const bytes = base32ToBytes(written.slice(prefix.length));
  const body = bytes.subarray(0, -checkLength);
  if (!equalBytes((await sha256(body)).subarray(0, checkLength), bytes.subarray(-checkLength)))
    throw invalid('damaged', 'a part of the recovery kit is missing or was changed');
  const { head, sealed } = split(body);
  const rounds = readNumber(head, place.rounds, 4);
  if (sealed.length !== secretLength + tagLength || rounds < kitRounds || rounds > mostRounds)
    throw invalid('form', 'this recovery kit is of a kind that is not known here');
  const idTag = parseIdTag(bytesToText(head.subarray(place.name + 1)));
  return { idTag, createdAt: readNumber(head, place.time, 5), rounds, text: written };
}

/**
 * SPEC X13. Takes about a second.
 * @throws IsletError E-KIT-INVALID as `parseSealedKey`, and with `details.reason` `passphrase`
 */
export async function openSealedKey(text: string, passphrase: string): Promise<RecoveryKey> {
  const { idTag, rounds, text: written } = await parseSealedKey(text);
  const bytes = base32ToBytes(written.slice(prefix.length));
  const { head, sealed } = split(bytes.subarray(0, -checkLength));
  const cipher = await openCipher(head, passphrase, rounds);
  const secret = await crypto.subtle.decrypt(cipher.algorithm, cipher.key, sealed).catch(() => {
    throw invalid('passphrase', 'the passphrase does not open this recovery kit');
  });
  const [signing, sealing] = bytesToPairs(new Uint8Array(secret));
  const curve = { namedCurve: 'P-384' };
  const sign = await crypto.subtle.importKey('jwk', signing!, { name: 'ECDSA', ...curve }, false, ['sign']);
  const derive = await crypto.subtle.importKey('jwk', sealing!, { name: 'ECDH', ...curve }, false, [
    'deriveBits',
  ]);
  const [jwk, ecdh] = [publicOf(signing!), publicOf(sealing!)];
  return {
    idTag,
    description: describeRecoveryKey(jwkToDid(jwk), jwk, ecdh),
    sign: createSigner(sign),
    derive: createDeriveSecret(derive),
  };
}

function invalid(reason: 'form' | 'damaged' | 'passphrase', message: string): IsletError {
  return new IsletError('E-KIT-INVALID', message, undefined, { reason });
}

/** The head is authenticated with the seal: neither name nor cost can be exchanged. */
async function openCipher(head: Bytes, passphrase: string, rounds: number) {
  const words = textToBytes(passphrase.normalize('NFKC').trim());
  const base = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveKey']);
  const salt = copyBytes(head.subarray(place.salt, place.nonce));
  const cost = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations: rounds };
  const cipher = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.deriveKey(cost, base, cipher, false, ['encrypt', 'decrypt']);
  const iv = copyBytes(head.subarray(place.nonce, place.name));
  return { key, algorithm: { name: 'AES-GCM', iv, additionalData: head } };
}

function split(body: Bytes): { head: Bytes; sealed: Bytes } {
  const end = place.name + 1 + (body[place.name] ?? 0);
  return { head: copyBytes(body.subarray(0, end)), sealed: copyBytes(body.subarray(end)) };
}

function pairToBytes(jwk: JsonWebKey): Bytes[] {
  const { x, y, d } = v.parse(privateJwkSchema, jwk);
  return [x, y, d].map(base64urlToBytes);
}

function bytesToPairs(secret: Bytes): JsonWebKey[] {
  const at = (i: number): string => bytesToBase64url(secret.subarray(i * part, (i + 1) * part));
  return [0, 3].map((i) => ({ kty: 'EC', crv: 'P-384', x: at(i), y: at(i + 1), d: at(i + 2) }));
}

function publicOf({ x = '', y = '' }: JsonWebKey): EnrolmentKeyDescription['jwk'] {
  return { kty: 'EC', crv: 'P-384', x, y };
}

function bigEndian(value: number, length: number): Bytes {
  return new Uint8Array(Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256));
}

function readNumber(bytes: Bytes, from: number, length: number): number {
  return bytes.subarray(from, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** RFC 4648 §6: a QR code holds capitals and digits in fewer squares than bytes. */
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesToBase32(bytes: Uint8Array): string {
  let out = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += base32[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return bits > 0 ? out + base32[(held << (5 - bits)) & 31] : out;
}

function base32ToBytes(text: string): Bytes {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const value = base32.indexOf(letter);
    if (value < 0) throw invalid('damaged', 'a part of the recovery kit cannot be read');
    held = ((held << 5) | value) & 4095;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 255);
    }
  }
  return new Uint8Array(out);
}
