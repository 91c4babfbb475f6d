import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url, bytesToText, concatBytes, sha256 } from '../bytes.ts';
import { createDeriveSecret, jwkToDid, jwkToPublic } from '../identity/did.ts';
import { codeOf, errorCode, readKeyVectors, readVectors } from '../test/vectors.ts';
import { folderKeyId, unwrapFolderKey, wrapFolderKey } from './folder-key.ts';
import { createSeal, openStream, sealedSize, sealStream } from './sealed.ts';
import { importEntryKey, openEntry } from './sealed-entry.ts';

const text = v.string();
const vectors = readVectors(
  'vectors/sealed.json',
  v.object({
    contents: v.array(
      v.object({
        ...{ why: text, key: text, sealed: text, text: v.optional(text) },
        result: v.union([v.literal('accepted'), errorCode]),
      }),
    ),
    lengths: v.object({
      ...{ key: text, log2: v.number(), prefix: text },
      vectors: v.array(v.object({ why: text, size: v.number(), sealedSize: v.number(), hash: text })),
    }),
    entries: v.array(
      v.object({ why: text, id: text, folderKey: text, sealed: text, content: v.record(text, v.unknown()) }),
    ),
    wraps: v.array(
      v.object({
        ...{ why: text, device: text, ephemeral: text, folder: text, folderKey: text, kid: text, wrap: text },
      }),
    ),
  }),
);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function gather(pieces: AsyncIterable<Uint8Array>) {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(...all);
}

async function readPair(name: string): Promise<CryptoKeyPair> {
  const found = readKeyVectors().find((row) => row.name === name);
  if (!found) throw new Error(`keys.json has no ${name}`);
  const curve = { name: 'ECDH', namedCurve: 'P-384' };
  return {
    privateKey: await crypto.subtle.importKey('jwk', found.jwk, curve, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', jwkToPublic(found.jwk), curve, true, []),
  };
}

describe('E1–E3, E5–E7: the vectors', () => {
  it.each(vectors.contents)('$why', async ({ key, sealed, text: plain, result }) => {
    const open = () => gather(openStream(once(base64urlToBytes(sealed)), base64urlToBytes(key)));
    expect(await codeOf(open)).toBe(result);
    if (plain !== undefined) expect(bytesToText(await open())).toBe(plain);
  });

  it.each(vectors.lengths.vectors)('$why', async ({ size, sealedSize: wanted, hash }) => {
    const { key, log2, prefix } = vectors.lengths;
    const random = () => base64urlToBytes(prefix);
    const seal = await createSeal(base64urlToBytes(key), { random, log2 });
    const plain = Uint8Array.from({ length: size }, (_, i) => i % 251);
    const sealed = await gather(sealStream(once(plain), seal));
    expect([sealed.length, sealedSize(size, log2)]).toEqual([wanted, wanted]);
    expect(bytesToBase64url(await sha256(sealed))).toBe(hash);
  });

  it.each(vectors.entries)('$why', async ({ id, folderKey, sealed, content }) => {
    const key = await importEntryKey(base64urlToBytes(folderKey));
    expect(await openEntry(sealed, { id, key })).toEqual(content);
  });

  it.each(vectors.wraps)('$why', async ({ device, ephemeral, folder, folderKey, kid, wrap }) => {
    const own = await readPair(device);
    const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', own.publicKey));
    const place = { folder, kid, did: jwkToDid(ecdh), ecdh };
    const key = base64urlToBytes(folderKey);
    expect(await folderKeyId(key)).toBe(kid);
    expect(await unwrapFolderKey(wrap, place, createDeriveSecret(own.privateKey))).toEqual(key);
    expect(await wrapFolderKey(key, place, await readPair(ephemeral))).toBe(wrap);
  });
});
