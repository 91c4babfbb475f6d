import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToBase64url, copyBytes, type Random, textToBytes } from '../../shared/bytes.ts';
import { StorageError, syncFolder } from '../store/database.ts';
import { subtle } from './webcrypto.ts';

const fileName = 'keys-secret';

/** KEYS_SECRET as given, else the one made at the first start beside the database. @throws StorageError */
export async function readKeysSecret(
  folder: string,
  given: string | undefined,
  random: Random,
): Promise<string> {
  if (given !== undefined) return given;
  const file = join(folder, fileName);
  try {
    const kept = (await readFile(file, 'utf8')).trim();
    if (Buffer.byteLength(kept) >= 32) return kept;
    throw new Error(`${fileName} is damaged`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw new StorageError(folder, error);
  }
  return createSecret(folder, file, random);
}

async function createSecret(folder: string, file: string, random: Random): Promise<string> {
  const secret = bytesToBase64url(random(32));
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
  return secret;
}

/** 256 bits for one purpose (RFC 5869, SHA-256). */
export async function deriveBytes(secret: string, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await subtle.importKey('raw', textToBytes(secret), 'HKDF', false, ['deriveBits']);
  const info = textToBytes(`islet ${purpose}`);
  const bits = await subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
    key,
    256,
  );
  return new Uint8Array(bits);
}

/** Seals small secrets of the store: AES-256-GCM, the context bound as additional data. */
export interface Sealer {
  seal(plain: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws Error when it was sealed under another secret, for another context, or was changed */
  open(sealed: Uint8Array, context: string): Promise<Uint8Array<ArrayBuffer>>;
}

const ivLength = 12;

export async function createSealer(secret: string, random: Random): Promise<Sealer> {
  const bytes = await deriveBytes(secret, 'identity keys');
  const key = await subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const parameters = (iv: Uint8Array<ArrayBuffer>, context: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: textToBytes(context),
  });
  return {
    async seal(plain, context) {
      const iv = random(ivLength);
      const sealed = await subtle.encrypt(parameters(iv, context), key, copyBytes(plain));
      return Buffer.concat([iv, new Uint8Array(sealed)]);
    },
    async open(sealed, context) {
      const iv = copyBytes(sealed.subarray(0, ivLength));
      try {
        return new Uint8Array(
          await subtle.decrypt(parameters(iv, context), key, copyBytes(sealed.subarray(ivLength))),
        );
      } catch (error) {
        throw new Error('a key in the store does not open with this KEYS_SECRET', { cause: error });
      }
    },
  };
}
