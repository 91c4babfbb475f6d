import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url } from '../bytes.ts';
import { readSealingPair } from '../test/make-identity-key-vectors.ts';
import { codeOf, errorCode, readVectors } from '../test/vectors.ts';
import { createDeriveSecret, type Did, publicJwkSchema } from './did.ts';
import { idTagSchema } from './id-tag.ts';
import { openIdentityKey, sealIdentityKey } from './sealed-identity-key.ts';

const text = v.string();
const { vectors, kit, ephemeral, pkcs8 } = readVectors(
  'vectors/identity-key.json',
  v.object({
    ...{ kit: text, ephemeral: text, pkcs8: text },
    vectors: v.array(
      v.object({
        why: text,
        place: v.object({
          ...{ idTag: idTagSchema, keyId: text, ecdh: publicJwkSchema },
          did: v.custom<Did>((did) => typeof did === 'string'),
        }),
        sealed: text,
        result: v.union([v.literal('accepted'), errorCode]),
      }),
    ),
  }),
);

describe('W8: the vectors of sealed identity keys', () => {
  it.each(vectors)('$why', async ({ place, sealed, result }) => {
    const derive = createDeriveSecret((await readSealingPair(kit)).privateKey);
    const open = () => openIdentityKey(sealed, place, derive);
    expect(await codeOf(open)).toBe(result);
    if (result !== 'accepted') return;
    expect(bytesToBase64url(await open())).toBe(pkcs8);
    const again = await sealIdentityKey(base64urlToBytes(pkcs8), place, await readSealingPair(ephemeral));
    expect(again).toBe(sealed);
  });

  it('W8: another kit does not open it', async () => {
    const { place, sealed } = vectors[0]!;
    const derive = createDeriveSecret((await readSealingPair('stranger')).privateKey);
    expect(await codeOf(() => openIdentityKey(sealed, place, derive))).toBe('E-SEALED-KEY');
  });
});
