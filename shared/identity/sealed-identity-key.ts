import { base64urlToBytes, bytesToBase64url, type Bytes, concatBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { decryptAes, deriveBytes, encryptAes, importAesKey } from '../file/derive.ts';
import { createDeriveSecret, type DeriveSecret, type Did, type PublicJwk } from './did.ts';
import type { IdTag } from './id-tag.ts';

/** For which key a sealed identity key is, and which one it is: it opens for nothing else. */
export interface SealedKeyPlace {
  readonly idTag: IdTag;
  /** Id of the identity key. */
  readonly keyId: string;
  /** The recovery key of the device log, and its key for sealing. */
  readonly did: Did;
  readonly ecdh: PublicJwk;
}

const bound = new Uint8Array();
/** An uncompressed point of P-384; the tag of AES-GCM; the longest PKCS#8 of a P-384 key that is made anywhere, with room. */
const pointLength = 97;
const tagLength = 16;
const longestKey = 512;
const curve = { name: 'ECDH', namedCurve: 'P-384' };

function jwkToPoint({ x, y }: PublicJwk): Bytes {
  return concatBytes(Uint8Array.of(4), base64urlToBytes(x), base64urlToBytes(y));
}

/** ECDH-ES: key and nonce for this identity key and this recovery key, once. */
async function deriveSealing(secret: Uint8Array, ephemeral: Uint8Array, place: SealedKeyPlace) {
  const { idTag, keyId, did, ecdh } = place;
  const bytes = await deriveBytes(secret, {
    salt: concatBytes(ephemeral, jwkToPoint(ecdh)),
    info: JSON.stringify(['islet-identity-key-1', idTag, keyId, did]),
    length: 44,
  });
  return { key: await importAesKey(bytes.subarray(0, 32)), nonce: bytes.subarray(32), bound };
}

/** SPEC W8: an identity key for the recovery kit. `ephemeral` is a P-384 pair made for this one sealing. */
export async function sealIdentityKey(
  pkcs8: Uint8Array,
  place: SealedKeyPlace,
  ephemeral: CryptoKeyPair,
): Promise<string> {
  const theirs = await crypto.subtle.importKey('raw', jwkToPoint(place.ecdh), curve, false, []);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey));
  const sealing = await deriveSealing(await createDeriveSecret(ephemeral.privateKey)(theirs), point, place);
  return bytesToBase64url(concatBytes(point, await encryptAes({ ...sealing, bytes: pkcs8 })));
}

/**
 * SPEC W8: the PKCS#8 of the identity key.
 * @throws IsletError E-SEALED-FORMAT; E-SEALED-KEY when it was sealed to another kit, or for another identity or key
 */
export async function openIdentityKey(
  sealed: string,
  place: SealedKeyPlace,
  derive: DeriveSecret,
): Promise<Bytes> {
  const bytes = parseSealed(sealed);
  const point = bytes.subarray(0, pointLength);
  const sealing = await deriveSealing(await derive(await importPoint(point)), point, place);
  const pkcs8 = await decryptAes({ ...sealing, bytes: bytes.subarray(pointLength) });
  if (pkcs8) return pkcs8;
  throw new IsletError('E-SEALED-KEY', 'this identity key was not sealed to this kit', place.keyId);
}

function parseSealed(sealed: string): Bytes {
  if (sealed.length <= 2 * (pointLength + longestKey)) {
    const bytes = base64urlToBytes(sealed);
    const length = bytes.length - pointLength - tagLength;
    if (length > 0 && length <= longestKey) return bytes;
  }
  throw new IsletError('E-SEALED-FORMAT', 'not a sealed identity key');
}

async function importPoint(point: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', point, curve, false, []);
  } catch {
    throw new IsletError('E-SEALED-FORMAT', 'a sealed identity key with a point that is not on the curve');
  }
}
