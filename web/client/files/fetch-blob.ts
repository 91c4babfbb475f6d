import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { keepBlobs, isFull, useBlob } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { FileWork } from './file-work.ts';

/** What is larger comes in pieces of this size, so that a broken connection costs one of them. */
const piece = 8 * 1024 * 1024;

export interface FetchParts {
  db: Database;
  api: RelayApi;
  work: Pick<FileWork, 'hash'>;
  now: () => number;
}

export interface FetchOptions {
  /** Bytes, when known. */
  size?: number;
  /** The type the bytes are kept under. */
  type?: string;
  /** Never makes room for others. */
  stays?: boolean;
  /** 0: they come from another relay, and go to our own. */
  uploaded?: 0 | 1;
  signal?: AbortSignal;
  onBytes?: (bytes: number) => void;
}

/**
 * Bytes from this device, else from the relay: checked by their hash, then kept. Bytes that this device has no room for are given without
 * being kept.
 * @returns undefined when neither has them
 * @throws RelayUnreachable; Error when the relay sent other bytes
 */
export async function fetchBlob(
  id: string,
  parts: FetchParts,
  options: FetchOptions = {},
): Promise<Blob | undefined> {
  const { db, work, now } = parts;
  const here = await useBlob(db, id, now());
  if (here) return here;
  const found = await download(id, parts.api, options).catch((error: unknown) => {
    if (!(error instanceof IsletError) || error.code !== 'E-BLOB-DAMAGED') throw error;
    throw new IsletError(error.code, 'The relay’s copy of this file is damaged.', id);
  });
  if (!found) return undefined;
  if ((await work.hash(found)) !== id) throw new Error('The relay sent other bytes than were asked for.');
  const type = options.type ?? found.type;
  const bytes = found.type === type ? found : found.slice(0, found.size, type);
  const stays = options.stays === true ? { stays: 1 as const } : {};
  const { uploaded = 1 } = options;
  const row = { id, bytes, type, size: bytes.size, uploaded, used: now(), ...stays };
  try {
    await keepBlobs(db, [row]);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
  return bytes;
}

async function download(
  id: string,
  api: RelayApi,
  { size = 0, signal, onBytes = () => undefined }: FetchOptions,
): Promise<Blob | undefined> {
  const path = routes.variant + segment(id);
  const given = signal ? { signal } : {};
  if (size <= piece) return api.download(path);
  const parts: Blob[] = [];
  for (let start = 0; start < size; start += piece) {
    const end = Math.min(size, start + piece);
    const part = await api.download(path, { start, end, ...given });
    if (part?.size !== end - start) return undefined;
    parts.push(part);
    onBytes(end);
  }
  return new Blob(parts);
}
