import { beforeAll, describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url, textToBytes } from '../bytes.ts';
import { importDeviceKey, jwkToDid } from '../identity/did.ts';
import { alice, bob } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import {
  createEnrolmentKey,
  type EnrolmentKeyPair,
  openEnrolmentKey,
  sealEnrolmentKey,
} from './sealed-key.ts';

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const secret = random(32);
const pin = { idTag: alice, length: 3, head: 'H'.repeat(43) };
let pair: EnrolmentKeyPair;
let sealed: string;
beforeAll(async () => {
  pair = await createEnrolmentKey('password', 'password');
  sealed = await sealEnrolmentKey(pair, pin, secret, random);
});
const open = (
  change: Partial<{ text: string; idTag: typeof alice; secret: Uint8Array; did: string }> = {},
) => {
  const did = (change.did ?? pair.description.did) as `did:key:z${string}`;
  const of = { idTag: change.idTag ?? alice, did };
  return openEnrolmentKey(change.text ?? sealed, of, change.secret ?? secret);
};

describe('P7: sealed keys', () => {
  it('P7: opens to a key that signs as its name says, and knows the log it was made for', async () => {
    const { sign, log, did } = await open();
    expect(did).toBe(jwkToDid(pair.description.jwk));
    expect(log).toEqual({ length: 3, head: pin.head });
    const [text, key] = [textToBytes('said'), await importDeviceKey(pair.description.jwk)];
    const signature = new Uint8Array(await sign(text));
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-384' }, key, signature, text)).toBe(true);
  });

  it('P7: and derives with whoever seals to it', async () => {
    const curve = { name: 'ECDH', namedCurve: 'P-384' };
    const theirs = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const ours = await crypto.subtle.importKey('jwk', { ...pair.description.ecdh }, curve, false, []);
    const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: ours }, theirs.privateKey, 384);
    expect(await (await open()).derive(theirs.publicKey)).toEqual(new Uint8Array(shared));
  });

  it('P7: under another secret, for another identity or name, or changed anywhere, it does not open', async () => {
    const other = (await createEnrolmentKey('password', 'password')).description.did;
    expect(await codeOf(() => open({ secret: random(32) }))).toBe('E-VERIFY-FAILED');
    expect(await codeOf(() => open({ idTag: bob }))).toBe('E-VERIFY-FAILED');
    expect(await codeOf(() => open({ did: other }))).toBe('E-VERIFY-FAILED');
    const bytes = base64urlToBytes(sealed);
    for (let i = 0; i < bytes.length; i += 17) {
      const changed = bytes.slice();
      changed[i]! ^= 1;
      expect(await codeOf(() => open({ text: bytesToBase64url(changed) }))).toBe('E-VERIFY-FAILED');
    }
    for (const text of ['', 'AAAA', sealed.slice(0, -8), `${sealed}=`])
      expect(await codeOf(() => open({ text }))).toBe('E-VERIFY-FAILED');
  });

  it('P7: twice sealed looks different, and shows nothing of the key', async () => {
    const again = await sealEnrolmentKey(pair, pin, secret, random);
    expect(again).not.toBe(sealed);
    for (const half of [pair.signing, pair.sealing])
      expect(sealed).not.toContain(bytesToBase64url(half).slice(20, 60));
  });
});
