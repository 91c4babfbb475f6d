import { bytesToBase64url, type Bytes, concatBytes, sha256, textToBytes } from '../bytes.ts';
import { folderKeyId, wrapFolderKey } from '../file/folder-key.ts';
import { createSeal, sealStream } from '../file/sealed.ts';
import { importEntryKey, sealEntry } from '../file/sealed-entry.ts';
import { jwkToDid, jwkToPublic } from '../identity/did.ts';
import { readKeyVectors } from './vectors.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const wrongKey = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const random = (n: number): Bytes => Uint8Array.from({ length: n }, (_, i) => 0xa0 + i);

/** Bytes that anyone can make: byte `i` is `i` modulo 251. */
function counted(size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, i) => i % 251);
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes;
}

async function seal(bytes: Bytes): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const part of sealStream(once(bytes), await createSeal(key, { random, log2: 16 })))
    parts.push(part);
  return concatBytes(...parts);
}

function changed(bytes: Bytes, at: number): Bytes {
  return bytes.with(at, (bytes[at] ?? 0) ^ 3);
}

async function makeContents(): Promise<object[]> {
  const short = await seal(textToBytes('abc'));
  const rows: [string, Bytes, Bytes, string][] = [
    ['E1: three bytes, one chunk', key, short, 'accepted'],
    ['E2: a byte of the content was changed', key, changed(short, 33), 'E-SEALED-DAMAGED'],
    ['E2: a byte of the prefix was changed', key, changed(short, 9), 'E-SEALED-DAMAGED'],
    ['E2: the end was cut off', key, short.slice(0, -1), 'E-SEALED-DAMAGED'],
    ['E3: another key', wrongKey, short, 'E-SEALED-KEY'],
    ['E3: another version', key, changed(short, 7), 'E-SEALED-FORMAT'],
    ['E3: chunks of no permitted size', key, short.with(8, 15), 'E-SEALED-FORMAT'],
    ['E3: a byte of the check was changed', key, changed(short, 20), 'E-SEALED-DAMAGED'],
  ];
  return rows.map(([why, under, sealed, result]) => ({
    ...{ why, key: bytesToBase64url(under), sealed: bytesToBase64url(sealed), result },
    ...(result === 'accepted' && { text: 'abc' }),
  }));
}

/** Byte `i` of the content is `i` modulo 251; of the sealed form only the hash is here. */
async function makeLengths(): Promise<object[]> {
  const sizes = [0, 65_535, 65_536, 65_537, 131_075];
  return Promise.all(
    sizes.map(async (size) => {
      const sealed = await seal(counted(size));
      const hash = bytesToBase64url(await sha256(sealed));
      return { why: `E1: ${size} bytes`, size, sealedSize: sealed.length, hash };
    }),
  );
}

/** The vectors of sealed bytes, sealed entries and wraps. They are the same in every run. */
export async function makeSealedVectors(): Promise<object> {
  const [device, ephemeral] = ['laptop', 'phone'].map(
    (name) => readKeyVectors().find((row) => row.name === name)!.jwk,
  );
  const ecdh = jwkToPublic(device!);
  const [did, folder, kid] = [jwkToDid(ecdh), 'F'.repeat(24), await folderKeyId(key)];
  const curve = { name: 'ECDH', namedCurve: 'P-384' };
  const pair = {
    privateKey: await crypto.subtle.importKey('jwk', ephemeral!, curve, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', jwkToPublic(ephemeral!), curve, true, []),
  };
  const id = 'e'.repeat(24);
  const content = { title: 'Übung.txt', mime: 'text/plain', size: 3, variants: [] };
  return {
    about: 'E1–E3, E5–E7: sealed bytes, names and folder keys; key pairs are those of keys.json',
    contents: await makeContents(),
    lengths: {
      ...{ key: bytesToBase64url(key), log2: 16, prefix: bytesToBase64url(random(7)) },
      vectors: await makeLengths(),
    },
    entries: [
      {
        why: 'E5: a name and a type',
        ...{ id, folderKey: bytesToBase64url(key), content },
        sealed: await sealEntry(content, { id, kid, key: await importEntryKey(key), random }),
      },
    ],
    wraps: [
      {
        why: 'E6, E7: a folder key for the laptop; the ephemeral pair is the phone of keys.json',
        ...{ device: 'laptop', ephemeral: 'phone', folder, folderKey: bytesToBase64url(key), kid },
        wrap: await wrapFolderKey(key, { folder, kid, did, ecdh }, pair),
      },
    ],
  };
}
