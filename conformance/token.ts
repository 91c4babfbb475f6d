import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export const hash = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('base64url');
export const actionId = (token: string) => `a1~${hash(token)}`;
export const nonce = () => randomBytes(16).toString('base64url');
export const encode = (text: string) => Buffer.from(text).toString('base64url');

export const header = '{"typ":"JWT","alg":"ES384"}';

export interface SigningKey {
  readonly keyId: string;
  /** SPKI in DER, base64. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function createSigningKey(keyId: string, curve: 'P-384' | 'P-256' = 'P-384'): SigningKey {
  const pair = generateKeyPairSync('ec', { namedCurve: curve });
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { keyId, publicKey, privateKey: pair.privateKey };
}

export type SignBytes = (text: string) => Buffer;

/** R‖S over SHA-384, or over SHA-256 for a key of P-256. */
export function createSignBytes({ privateKey }: SigningKey): SignBytes {
  const digest = privateKey.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'sha256' : 'sha384';
  return (text) => sign(digest, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

/** A compact JWS of exactly these texts, right or wrong. */
export function compact(headerText: string, payloadText: string, signBytes: SignBytes): string {
  const signed = `${encode(headerText)}.${encode(payloadText)}`;
  return `${signed}.${signBytes(signed).toString('base64url')}`;
}

/** The order of the group of P-384. */
const order = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);

/** The other signature that fits the same bytes: anybody can make it, without the key. */
export function twinOf(token: string): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = order - BigInt(`0x${bytes.subarray(48).toString('hex')}`);
  const twin = Buffer.concat([bytes.subarray(0, 48), Buffer.from(s.toString(16).padStart(96, '0'), 'hex')]);
  return `${head}.${payload}.${twin.toString('base64url')}`;
}
