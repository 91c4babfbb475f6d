import { Readable } from 'node:stream';
import * as v from 'valibot';
import { IsletError } from '../../shared/errors.ts';
import { fileId } from '../../shared/file/blob-id.ts';
import { parseDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, routes } from '../../shared/routes.ts';
import type { BlobUse } from '../files/blob-use.ts';
import type { Asking } from '../identity/visits.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { isDamaged } from '../store/damages.ts';
import type { Database } from '../store/database.ts';
import { findFile, insertFile } from '../store/files.ts';
import { findHolding, hold } from '../store/holdings.ts';

export interface FetchFileParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly fetch: Asking;
  readonly use: BlobUse;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A file of a neighbour. */
export interface ForeignFile {
  /** Whose copy it becomes. */
  readonly idTag: string;
  readonly owner: string;
  readonly fileId: string;
  /** Which of its variants are fetched. */
  readonly choose: (variants: readonly Variant[]) => readonly Variant[];
}

const descriptorSchema = envelope(v.pipe(v.string(), v.maxLength(16_384)));

/**
 * Fetches a file: descriptor first, whose text must have the hash that was named; then each chosen variant by its own hash
 * (SPEC B1, B2). What is here and sound is not asked for again.
 * @throws IsletError E-NET-*, E-BLOB-*, E-VAL-INVALID, E-SYS-*
 */
export async function fetchFile(file: ForeignFile, parts: FetchFileParts): Promise<void> {
  const { idTag, owner, choose } = file;
  const { db, blobs, use, now } = parts;
  const known = await findFile(db, idTag, file.fileId);
  const descriptor = known?.descriptor ?? (await fetchDescriptor(file, parts));
  const variants = parseDescriptor(descriptor);
  for (const { blob, size: told } of choose(variants))
    await use.during(blob, async () => {
      // Who names a hash gets nothing by that: what the identity does not have is fetched, even if it lies here.
      const isKept = (await findHolding(db, idTag, blob)) && !(await isDamaged(db, blob));
      const here = isKept ? await blobs.size(blob) : undefined;
      const size = here ?? (await fetchBlob(owner, { blob, size: told }, parts));
      await hold(db, { id_tag: idTag, blob, size, loose: 0, fetched_from: owner, added_at: now() });
    });
  const first = variants[0];
  const row = {
    id_tag: idTag,
    id: file.fileId,
    descriptor,
    content_type: first?.name.startsWith('vis.') ? `image/${first.format}` : 'application/octet-stream',
    file_name: '',
    visibility: 'D' as const,
    created_at: now(),
  };
  await db.transaction().execute((trx) => insertFile(trx, row, variants));
}

async function fetchDescriptor(file: ForeignFile, { fetch }: FetchFileParts): Promise<string> {
  const owner = parseIdTag(file.owner);
  const path = `${routes.files}/${file.fileId}/descriptor`;
  const { status, bytes } = await fetch(owner, path, { limit: 64 * 1024 });
  if (status !== 200) throw new IsletError('E-NET-FAILED', `${owner} answered ${status} for a file`);
  const { data } = parseJson(descriptorSchema, bytes.toString('utf8'));
  if ((await fileId(data)) !== file.fileId)
    throw new IsletError('E-BLOB-HASH', 'the descriptor does not have this hash');
  return data;
}

/** @returns its size; never more than the descriptor says */
async function fetchBlob(
  from: string,
  { blob, size }: { blob: string; size: number },
  { blobs, fetch }: FetchFileParts,
): Promise<number> {
  const owner = parseIdTag(from);
  const { status, bytes } = await fetch(owner, `${routes.variant}/${blob}`, { limit: size });
  if (status !== 200) throw new IsletError('E-NET-FAILED', `${owner} answered ${status} for a picture`);
  return blobs.write(blob, Readable.from([bytes]), size);
}
