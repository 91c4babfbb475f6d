import * as v from 'valibot';
import {
  base64urlToBytes,
  bytesToBase64url,
  bytesToText,
  concatBytes,
  copyBytes,
  type Random,
  textToBytes,
} from '../bytes.ts';
import { IsletError } from '../errors.ts';
import {
  createDeriveSecret,
  createSigner,
  type DeriveSecret,
  type Did,
  jwkToDid,
  jwkToPublic,
  type Signer,
} from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { parseJson } from '../parse.ts';
import type { EnrolmentKeyDescription } from './device-log.ts';

/** SPEC P7: base64url of 12 bytes of IV, then AES-256-GCM. */
export const sealedKeySchema = v.pipe(v.string(), v.regex(/^[\w-]{100,2000}$/, 'not a sealed key'));

const curve = { namedCurve: 'P-384' };
const ivLength = 12;
const pinSchema = v.strictObject({
  length: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  head: v.string(),
});
const innerSchema = v.strictObject({
  v: v.literal(1),
  signing: v.string(),
  sealing: v.string(),
  log: pinSchema,
});

/** The device log as the device saw it that made the key (SPEC L6). */
export type LogPin = v.InferOutput<typeof pinSchema>;

/** An enrolment key with its private halves, as it exists for a moment on the device that makes it. */
export interface EnrolmentKeyPair {
  readonly description: EnrolmentKeyDescription;
  /** PKCS#8. */
  readonly signing: Uint8Array;
  readonly sealing: Uint8Array;
}

/** What a sealed key does once it is open; its private halves cannot be read out again. */
export interface OpenedKey {
  readonly did: Did;
  readonly sign: Signer;
  readonly derive: DeriveSecret;
  /** Whoever opens the key knows by it whether the log is the one that the key was made for. */
  readonly log: LogPin;
}

/** Makes a key that lets devices in (SPEC L9). */
export async function createEnrolmentKey(
  kind: EnrolmentKeyDescription['kind'],
  name: string,
): Promise<EnrolmentKeyPair> {
  const { subtle } = crypto;
  const signing = await subtle.generateKey({ name: 'ECDSA', ...curve }, true, ['sign', 'verify']);
  const sealing = await subtle.generateKey({ name: 'ECDH', ...curve }, true, ['deriveBits']);
  const jwk = jwkToPublic(await subtle.exportKey('jwk', signing.publicKey));
  const ecdh = jwkToPublic(await subtle.exportKey('jwk', sealing.publicKey));
  return {
    description: { did: jwkToDid(jwk), jwk, ecdh, kind, name },
    signing: new Uint8Array(await subtle.exportKey('pkcs8', signing.privateKey)),
    sealing: new Uint8Array(await subtle.exportKey('pkcs8', sealing.privateKey)),
  };
}

/** What the ciphertext is bound to: a sealed key of another identity or name does not open in its place. */
function context(idTag: IdTag, did: Did): Uint8Array<ArrayBuffer> {
  return textToBytes(JSON.stringify(['islet-sealed-key-1', idTag, did]));
}

function importSealing(secret: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', copyBytes(secret), 'AES-GCM', false, [use]);
}

/** SPEC P7: seals both private halves and the head of the log under 32 bytes. */
export async function sealEnrolmentKey(
  { description, signing, sealing }: EnrolmentKeyPair,
  { idTag, length, head }: LogPin & { idTag: IdTag },
  secret: Uint8Array,
  random: Random,
): Promise<string> {
  const halves = { signing: bytesToBase64url(signing), sealing: bytesToBase64url(sealing) };
  const plain = JSON.stringify({ v: 1, ...halves, log: { length, head } });
  const iv = random(ivLength);
  const algorithm = { name: 'AES-GCM', iv, additionalData: context(idTag, description.did) };
  const sealed = await crypto.subtle.encrypt(
    algorithm,
    await importSealing(secret, 'encrypt'),
    textToBytes(plain),
  );
  return bytesToBase64url(concatBytes(iv, new Uint8Array(sealed)));
}

async function decrypt(sealed: string, additionalData: Uint8Array<ArrayBuffer>, secret: Uint8Array) {
  try {
    const bytes = base64urlToBytes(sealed);
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, ivLength), additionalData };
    const key = await importSealing(secret, 'decrypt');
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(ivLength)));
  } catch {
    throw new IsletError('E-VERIFY-FAILED', 'what the relay handed over does not open');
  }
}

/**
 * SPEC P7. The relay may hand over anything: the key is used only when it is that of the name `did`.
 * @throws IsletError E-VERIFY-FAILED
 */
export async function openEnrolmentKey(
  sealed: string,
  { idTag, did }: { idTag: IdTag; did: Did },
  secret: Uint8Array,
): Promise<OpenedKey> {
  const plain = await decrypt(sealed, context(idTag, did), secret);
  const { signing, sealing, log } = parseJson(innerSchema, bytesToText(plain), 'E-VERIFY-FAILED');
  const { subtle } = crypto;
  const ecdsa = { name: 'ECDSA', ...curve };
  const sign = await subtle.importKey('pkcs8', base64urlToBytes(signing), ecdsa, false, ['sign']);
  const derive = await subtle.importKey(
    'pkcs8',
    base64urlToBytes(sealing),
    { name: 'ECDH', ...curve },
    false,
    ['deriveBits'],
  );
  return { did, sign: createSigner(sign), derive: createDeriveSecret(derive), log };
}
