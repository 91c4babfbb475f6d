import { type Bytes, bytesToBase64url, base64urlToBytes, type Random } from '../../../shared/bytes.ts';
import { createSeal, openStream, sealStream } from '../../../shared/file/sealed.ts';

/** Bytes that are read at once. */
const slice = 1024 * 1024;

async function* readBlob(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += slice)
    yield new Uint8Array(await blob.slice(at, at + slice).arrayBuffer());
}

/** Each piece becomes a Blob of its own at once: the browser may put those on disk, unlike arrays. */
async function collect(pieces: AsyncIterable<Bytes>, type: string): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const piece of pieces) parts.push(new Blob([piece]));
  return new Blob(parts, { type });
}

/** Seals bytes under a new key of their own (SPEC E1); `key` is base64url. Holds a few chunks in memory, whatever the size. */
export async function sealBlob(blob: Blob, random: Random): Promise<{ blob: Blob; key: string }> {
  const key = random(32);
  const seal = await createSeal(key, { random });
  const sealed = await collect(sealStream(readBlob(blob), seal), 'application/octet-stream');
  return { blob: sealed, key: bytesToBase64url(key) };
}

/** Opens sealed bytes. @throws IsletError E-SEALED-KEY, E-SEALED-DAMAGED, E-SEALED-FORMAT */
export function openBlob(sealed: Blob, key: string, type: string): Promise<Blob> {
  return collect(openStream(readBlob(sealed), base64urlToBytes(key)), type);
}
