import { base64urlToBytes, concatBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { formatBlobId, isBlobId } from './blob-id.ts';

/** RFC 4648 §6, in lower case: the alphabet of multibase `b`. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
/** CIDv1, codec raw, multihash SHA-256 of 32 bytes. */
const prefix = new Uint8Array([0x01, 0x55, 0x12, 0x20]);

function bytesToBase32(bytes: Uint8Array): string {
  let out = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? out : out + alphabet[(held << (5 - bits)) & 31]!;
}

function base32ToBytes(text: string): Uint8Array {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    held = ((held << 5) | alphabet.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push((held >> bits) & 255);
  }
  return Uint8Array.from(out);
}

/** SPEC B7: the name of a blob elsewhere, `bafkrei…`. @throws IsletError E-VAL-INVALID */
export function blobIdToCid(blob: string): string {
  if (!isBlobId(blob)) throw new IsletError('E-VAL-INVALID', 'not a blob id', blob);
  return `b${bytesToBase32(concatBytes(prefix, base64urlToBytes(blob.slice(3))))}`;
}

/** SPEC B7, and nothing else: one blob has one CID. @throws IsletError E-VAL-INVALID */
export function cidToBlobId(cid: unknown): string {
  if (typeof cid !== 'string' || !/^bafkrei[a-z2-7]{52}$/.test(cid))
    throw new IsletError('E-VAL-INVALID', 'not the CIDv1 of a raw blob by SHA-256', cid);
  const blob = formatBlobId(base32ToBytes(cid.slice(1)).subarray(prefix.length));
  if (blobIdToCid(blob) !== cid) throw new IsletError('E-VAL-INVALID', 'the CID is not canonical', cid);
  return blob;
}
