import { IsletError } from '../../../shared/errors.ts';
import { limits, routes, uploadSchema } from '../../../shared/routes.ts';
import { type RelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';

/** The first piece of an upload, in bytes; pieces grow while they go quickly. */
const firstPiece = 512 * 1024;
const largestPiece = Math.min(4 * 1024 * 1024, limits.chunk);
/** A piece that took less than this doubles the next, in milliseconds. */
const quick = 1500;
/** Pause while the relay still waits for the end of a piece that broke off, in milliseconds, and how often. */
const breath = 1500;
const patience = 20;

export interface SendOptions {
  api: RelayApi;
  signal: AbortSignal;
  now: () => number;
  /** How far this blob is, in bytes. */
  onOffset: (offset: number) => Promise<void>;
  /** Where uploads are taken, when not by the ones of every device. */
  at?: string;
}

/**
 * Sends one blob in pieces, from where the relay says that it is (SPEC W1, W2): what arrived before a reload, a restart or a day offline is not
 * sent again.
 * @throws RelayUnreachable; IsletError E-BLOB-HASH, E-STORAGE-FULL, E-STORAGE-LIMIT, …; what the signal was aborted with
 */
export async function sendBlob(id: string, bytes: Blob, options: SendOptions): Promise<void> {
  const { api, signal, now, onOffset, at = routes.uploads } = options;
  const begin = () => api.post(at, { blob: id, size: bytes.size }, uploadSchema);
  let upload = await begin();
  let length = firstPiece;
  for (let waited = 0; !upload.done && upload.id !== undefined;) {
    signal.throwIfAborted();
    await onOffset(upload.offset);
    const piece = bytes.slice(upload.offset, upload.offset + length);
    const started = now();
    try {
      const place: string = at + segment(upload.id);
      upload = await api.patch(place, { bytes: piece, offset: upload.offset, signal }, uploadSchema);
      if (now() - started < quick) length = Math.min(largestPiece, length * 2);
      else if (now() - started > 4 * quick) length = Math.max(firstPiece, length / 2);
    } catch (error) {
      const code = error instanceof IsletError ? error.code : '';
      if (code !== 'E-UPLOAD-OFFSET' && code !== 'E-UPLOAD-UNKNOWN' && code !== 'E-CORE-CONFLICT')
        throw error;
      if (++waited > patience) throw new RelayUnreachable('The relay does not get on with an upload.');
      if (code === 'E-CORE-CONFLICT') await pause(breath, signal);
      // Begun again it is the same upload, with its offset; or the bytes are there.
      upload = await begin();
    }
  }
  await onOffset(bytes.size);
}

/** Takes back what has arrived of an upload that is not wanted any more. */
export async function dropUpload(id: string, size: number, api: RelayApi): Promise<void> {
  try {
    const upload = await api.post(routes.uploads, { blob: id, size }, uploadSchema);
    if (upload.id !== undefined) await api.remove(routes.uploads + segment(upload.id));
  } catch (error) {
    // No room to begin it: then nothing of it was there.
    if (!(error instanceof IsletError) || !error.code.startsWith('E-STORAGE')) throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
  });
}
