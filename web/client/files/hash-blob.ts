import { sha256 } from '@noble/hashes/sha2.js';
import { formatBlobId } from '../../../shared/file/blob-id.ts';

/** Bytes that are read at a time. */
const slice = 2 * 1024 * 1024;

/**
 * The blob id (SPEC B1) of bytes of any size, read a slice at a time.
 * @throws DOMException NotReadableError when the file behind it changed or vanished
 */
export async function hashBlob(blob: Blob): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < blob.size; at += slice)
    hash.update(new Uint8Array(await blob.slice(at, at + slice).arrayBuffer()));
  return formatBlobId(hash.digest());
}
