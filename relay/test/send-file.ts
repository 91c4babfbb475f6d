import { blobId } from '../../shared/file/blob-id.ts';
import { formatDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { fileCreatedSchema, routes } from '../../shared/routes.ts';
import { dataOf, type TestDevice } from './device.ts';
import type { TestAnswer } from './network.ts';

/** One variant with its bytes; what is not said is of a file that is no picture. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface Sent {
  readonly fileName?: string;
  readonly contentType?: string;
  readonly visibility?: 'P' | 'D';
  readonly profile?: boolean;
}

/** Sends the bytes and names the file; the answer may be a refusal. */
export async function trySendFile(
  device: TestDevice,
  pieces: readonly Piece[],
  { profile, ...sent }: Sent = {},
): Promise<{ answer: TestAnswer; variants: Variant[]; descriptor: string }> {
  const variants: Variant[] = [];
  for (const { bytes, name = 'raw.orig', format = 'bin', width = 0, height = 0 } of pieces) {
    const blob = await blobId(Uint8Array.from(bytes));
    const stored = await device.ask(`${routes.blobs}/${blob}`, 'PUT', Uint8Array.from(bytes));
    if (stored.status > 201) throw new Error(stored.text);
    variants.push({ name, blob, format, size: bytes.length, width, height });
  }
  const descriptor = formatDescriptor(variants);
  const file = { descriptor, contentType: 'application/octet-stream', fileName: 'some.bin', ...sent };
  const answer = await device.ask(`${routes.files}${profile ? '?profile' : ''}`, 'POST', file);
  return { answer, variants, descriptor };
}

/** The same, and it is taken. */
export async function sendFile(device: TestDevice, pieces: readonly Piece[], sent: Sent = {}) {
  const { answer, variants, descriptor } = await trySendFile(device, pieces, sent);
  const { fileId, completed } = dataOf(answer, fileCreatedSchema);
  return { id: fileId, descriptor, completed, blobs: variants.map(({ blob }) => blob) };
}
