import * as v from 'valibot';
import {
  base64urlToBytes,
  bytesToBase64url,
  bytesToText,
  concatBytes,
  type Random,
  textToBytes,
} from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { parseJson } from '../parse.ts';
import { blobIdSchema } from './blob-id.ts';
import { decryptAes, deriveBytes, encryptAes, importAesKey } from './derive.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^(?:vis|vid|aud|doc|raw)\.(?:pf|tn|sd|md|hd|xd|orig)$/));

/** A rendition as it was before it was sealed. `blob` is the sealed form, `key` opens it (base64url of 32 bytes). */
const sealedVariantSchema = v.object({
  name,
  blob: blobIdSchema,
  key: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  format: v.pipe(v.string(), v.regex(/^[a-z0-9]{1,10}$/)),
  size: count,
  width: count,
  height: count,
  duration: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  bitrate: v.exactOptional(count),
  pages: v.exactOptional(count),
});

/** SPEC E5: what the relay does not learn of an entry in a sealed folder. Folders in it have a title alone. */
const contentSchema = v.object({
  title: v.pipe(v.string(), v.maxLength(4096)),
  mime: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
  /** Bytes of the original. */
  size: v.exactOptional(count),
  variants: v.exactOptional(v.pipe(v.array(sealedVariantSchema), v.maxLength(40)), []),
});

export type SealedVariant = v.InferOutput<typeof sealedVariantSchema>;
export type SealedContent = v.InferOutput<typeof contentSchema>;

const nonceLength = 12;
/** Lengths of names are hidden up to this many bytes. */
const padding = 256;
const longest = 64 * 1024;

/** SPEC E5: the key of names and types; the folder key itself seals nothing. */
export async function importEntryKey(folderKey: Uint8Array): Promise<CryptoKey> {
  return importAesKey(await deriveBytes(folderKey, { info: 'islet-sealed-entry-1', length: 32 }));
}

interface EntryPlace {
  /** Of the entry in the index. */
  readonly id: string;
  readonly kid: string;
}

function bind({ id, kid }: EntryPlace): Uint8Array {
  return textToBytes(JSON.stringify(['islet-sealed-entry-1', id, kid]));
}

/** The id of the folder key that an entry is sealed under. @throws IsletError E-SEALED-FORMAT */
export function readKeyId(sealed: string): string {
  const match = /^([\w-]{22})\.[\w-]+$/.exec(sealed.length > longest ? '' : sealed);
  if (!match) throw new IsletError('E-SEALED-FORMAT', 'not a sealed entry');
  return match[1]!;
}

/** SPEC E5: `<kid>.<base64url(nonce ‖ ciphertext)>`. */
export async function sealEntry(
  content: SealedContent,
  { id, kid, key, random }: EntryPlace & { key: CryptoKey; random: Random },
): Promise<string> {
  const bytes = textToBytes(JSON.stringify(content));
  // JSON ends where it ends: spaces behind it say nothing.
  const padded = new Uint8Array(Math.ceil(bytes.length / padding) * padding).fill(0x20);
  padded.set(bytes);
  const nonce = random(nonceLength);
  const sealed = await encryptAes({ key, nonce, bound: bind({ id, kid }), bytes: padded });
  return `${kid}.${bytesToBase64url(concatBytes(nonce, sealed))}`;
}

/** @throws IsletError E-SEALED-FORMAT; E-SEALED-DAMAGED when it was changed, or is another entry's */
export async function openEntry(
  sealed: string,
  { id, key }: { id: string; key: CryptoKey },
): Promise<SealedContent> {
  const kid = readKeyId(sealed);
  const bytes = base64urlToBytes(sealed.slice(kid.length + 1));
  const nonce = bytes.subarray(0, nonceLength);
  if (bytes.length <= nonceLength) throw new IsletError('E-SEALED-FORMAT', 'not a sealed entry');
  const opened = await decryptAes({
    key,
    nonce,
    bound: bind({ id, kid }),
    bytes: bytes.subarray(nonceLength),
  });
  if (!opened) throw new IsletError('E-SEALED-DAMAGED', 'the name of this sealed file was changed', id);
  return parseJson(contentSchema, bytesToText(opened), 'E-SEALED-FORMAT');
}
