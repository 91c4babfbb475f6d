import { bytesToBase64url } from '../bytes.ts';
import { jwkToDid, jwkToPublic } from '../identity/did.ts';
import { parseIdTag } from '../identity/id-tag.ts';
import { sealIdentityKey } from '../identity/sealed-identity-key.ts';
import { readKeyVectors } from './vectors.ts';

const curve = { name: 'ECDH', namedCurve: 'P-384' };

/** A key of keys.json for sealing. */
export async function readSealingPair(name: string): Promise<CryptoKeyPair> {
  const { jwk } = readKeyVectors().find((row) => row.name === name)!;
  return {
    privateKey: await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', jwkToPublic(jwk), curve, true, []),
  };
}

/** The vectors of sealed identity keys; the same in every run. What is sealed stands for PKCS#8: nobody looks into it. */
export async function makeIdentityKeyVectors(): Promise<object> {
  const ecdh = jwkToPublic(readKeyVectors().find(({ name }) => name === 'laptop')!.jwk);
  const place = { idTag: parseIdTag('alice.test'), keyId: '261121', did: jwkToDid(ecdh), ecdh };
  const pkcs8 = Uint8Array.from({ length: 185 }, (_, i) => i);
  const sealed = await sealIdentityKey(pkcs8, place, await readSealingPair('phone'));
  const other = sealed.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
  const rows: [string, object, string, string][] = [
    ['W8: to the kit whose key is laptop, with phone as the ephemeral pair', place, sealed, 'accepted'],
    ['W8: of another identity', { ...place, idTag: 'bob.test' }, sealed, 'E-SEALED-KEY'],
    ['W8: another identity key', { ...place, keyId: '261122' }, sealed, 'E-SEALED-KEY'],
    ['W8: the tag was changed', place, other, 'E-SEALED-KEY'],
    ['W8: the point is not on the curve', place, `BAAA${sealed.slice(4)}`, 'E-SEALED-FORMAT'],
    ['W8: nothing is in it', place, sealed.slice(0, 4), 'E-SEALED-FORMAT'],
  ];
  return {
    about: 'W8: identity keys sealed to a recovery key; key pairs are those of keys.json',
    kit: 'laptop',
    ephemeral: 'phone',
    pkcs8: bytesToBase64url(pkcs8),
    vectors: rows.map(([why, where, text, result]) => ({ why, place: where, sealed: text, result })),
  };
}
