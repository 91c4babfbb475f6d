import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import type { EntryFields } from '../documents/index-entries.ts';
import type { PlainFile, Vaults } from '../sealed/vaults.ts';
import { keepBlobs } from '../store/blobs.ts';
import type { BlobRow, Database, UploadRow } from '../store/database.ts';
import type { FileWork } from './file-work.ts';
import { hashFile } from './prepare-file.ts';

export interface KeepOptions {
  db: Database;
  work: Pick<FileWork, 'hash'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The fields of an entry and its bytes, by blob id. */
export interface Content {
  fields: EntryFields;
  blobs: ReadonlyMap<string, Blob>;
}

/** What stands in the index of an ordinary file. */
export async function toContent(file: PlainFile, work: Pick<FileWork, 'hash'>): Promise<Content> {
  const hashed = await hashFile(file, work);
  const descriptor = formatDescriptor(hashed.variants);
  const { mime, size } = file;
  const id = await fileId(descriptor);
  const blobs = new Map<string, Blob>();
  for (const { name, blob } of hashed.variants) {
    const bytes = file.blobs.get(name);
    if (bytes) blobs.set(blob, bytes);
  }
  return { fields: { type: 'file', mime, size, file: id, descriptor, stored: undefined }, blobs };
}

/** What stands in the index of a file in a sealed folder. */
export async function toSealedContent(
  file: PlainFile,
  place: { vaults: Vaults; vault: string; id: string },
): Promise<Content> {
  const { fields, blobs } = await place.vaults.sealFile(place.vault, place.id, file);
  return { fields: { ...fields, stored: undefined }, blobs };
}

/** Keeps the bytes of an entry here and has them uploaded, in one transaction: there is never one without the other. */
export async function keepContent(
  { fields, blobs }: Content,
  id: string,
  { db, now }: KeepOptions,
): Promise<void> {
  const at = now();
  const rows = [...blobs].map(([blob, bytes]): BlobRow => {
    const isThumb = bytes.size < thumbSize;
    return {
      ...{ id: blob, bytes, type: bytes.type, size: bytes.size, uploaded: 2, used: at },
      ...(isThumb && { stays: 1 as const }),
    };
  });
  const total = rows.reduce((sum, { size }) => sum + size, 0);
  const named = { file: String(fields['file']), blobs: [...blobs.keys()] };
  const upload: UploadRow = { id, ...named, state: 'waiting', sent: 0, total, at };
  await keepBlobs(db, rows, () => db.uploads.put(upload));
}

/** Renditions smaller than this always stay: what lists show, and what costs nothing. */
const thumbSize = 64 * 1024;
