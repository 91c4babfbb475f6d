import { createHash } from 'node:crypto';
import { afterAll, beforeAll, vi } from 'vitest';
import { bytesToBase64url, concatBytes } from '../bytes.ts';

/** x ‖ y of a key, as base64url of both. */
type Point = string;

function toBytes(source: BufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** 96 bytes that only this point and these bytes give. */
function toySignature(point: Point, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const hash = (name: string) => createHash(name).update(point).update(bytes).digest();
  return concatBytes(hash('sha512'), hash('sha256'));
}

function readPoint(format: unknown, key: unknown): Point {
  const { x = '', y = '' } = format === 'jwk' ? (key as JsonWebKey) : splitSpki(toBytes(key as BufferSource));
  return `${x} ${y}`;
}

/** The point stands at the end. */
function splitSpki(spki: Uint8Array): JsonWebKey {
  return { x: bytesToBase64url(spki.slice(-96, -48)), y: bytesToBase64url(spki.slice(-48)) };
}

/**
 * In this test file the platform signs by hashing public key and bytes, which is no signature at all, but a thousand times as fast: for
 * tests that judge thousands of chains, where what matters is who signed. Real signatures are in the vectors.
 */
export function useToySignatures(): void {
  const { subtle } = crypto;
  const points = new WeakMap<CryptoKey, Point>();
  const keys = new Map<string, Promise<CryptoKey>>();
  const generate = subtle.generateKey.bind(subtle) as (...all: unknown[]) => Promise<CryptoKeyPair>;
  const importAny = subtle.importKey.bind(subtle) as (...all: unknown[]) => Promise<CryptoKey>;
  const pointOf = (key: CryptoKey): Point => {
    const point = points.get(key);
    if (point === undefined) throw new Error('a key that was made elsewhere');
    return point;
  };

  beforeAll(() => {
    vi.spyOn(subtle, 'generateKey').mockImplementation((async (...all: unknown[]) => {
      const pair = await generate(...all);
      const point = readPoint('jwk', await subtle.exportKey('jwk', pair.publicKey));
      points.set(pair.publicKey, point).set(pair.privateKey, point);
      return pair;
    }) as unknown as typeof subtle.generateKey);
    vi.spyOn(subtle, 'importKey').mockImplementation((async (...all: unknown[]) => {
      const point = readPoint(all[0], all[1]);
      const name = `${String(all[0])} ${point}`;
      if (!keys.has(name)) keys.set(name, importAny(...all));
      const key = await keys.get(name)!;
      points.set(key, point);
      return key;
    }) as unknown as typeof subtle.importKey);
    vi.spyOn(subtle, 'sign').mockImplementation((_, key, bytes) =>
      Promise.resolve(toySignature(pointOf(key), toBytes(bytes)).buffer),
    );
    vi.spyOn(subtle, 'verify').mockImplementation((_, key, signature, bytes) => {
      const fits = bytesToBase64url(toySignature(pointOf(key), toBytes(bytes)));
      return Promise.resolve(fits === bytesToBase64url(toBytes(signature)));
    });
  });
  afterAll(() => vi.restoreAllMocks());
}
