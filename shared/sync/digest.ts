import { digest as digestNow } from 'lib0/hash/sha256';
import { type Bytes, copyBytes, sha256 } from '../bytes.ts';

/** Up to so many bytes it takes longer to hand them to WebCrypto, which hashes elsewhere, than to hash them here. */
const short = 1024;

/** SHA-256 of one of many rows, most of which are short. */
export function digestRow(bytes: Uint8Array): Bytes | Promise<Bytes> {
  return bytes.length <= short ? copyBytes(digestNow(bytes)) : sha256(bytes);
}
