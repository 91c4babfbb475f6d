import { Readable } from 'node:stream';
import { IsletError } from '../../shared/errors.ts';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { formatDescriptor, parseDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Database, Executor } from '../store/database.ts';
import { findFile, insertFile, listCompletions } from '../store/files.ts';
import { hold, listMissing } from '../store/holdings.ts';
import type { FileRow } from '../store/tables.ts';
import type { BlobUse } from './blob-use.ts';
import type { Images, Rendition } from './images/images.ts';
import { findOriginal, missingSizes, shownFormats } from './images/renditions.ts';
import type { Quota } from './quota.ts';

/** A file that a device of the identity names. */
export type NewFile = Pick<FileRow, 'id_tag' | 'descriptor' | 'content_type' | 'file_name' | 'visibility'> & {
  /** It is to be a profile picture: `vis.pf` is made when it is missing. */
  readonly profile: boolean;
};

export interface Registered {
  readonly fileId: string;
  /** A second file, of the same picture with the renditions that were missing. */
  readonly completed?: { readonly fileId: string; readonly descriptor: string };
}

/** SPEC B8. @throws IsletError E-CORE-CONFLICT, E-FILE-INVALID, E-VAL-INVALID, E-SYS-UNAVAIL; nothing is registered then */
export type Register = (file: NewFile) => Promise<Registered>;

export interface RegisterParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly images: Images;
  readonly use: BlobUse;
  readonly quota: Quota;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Largest rendition that is looked at, in bytes. */
const largestRendition = 16 * 1024 * 1024;

export function createRegister(parts: RegisterParts): Register {
  const { db, blobs, images, now } = parts;
  return async ({ profile, ...file }) => {
    const variants = parseDescriptor(file.descriptor);
    const row = { ...file, id: await fileId(file.descriptor), created_at: now() };
    await assertHeld(db, file.id_tag, variants);
    const known = await findFile(db, file.id_tag, row.id);
    const opened = known !== undefined || (await checkVariants(variants, blobs, images));
    const completion = opened ? await complete(row, profile, parts) : undefined;
    await db.transaction().execute(async (trx) => {
      await assertHeld(trx, file.id_tag, variants);
      await insertFile(trx, row, variants);
      if (completion) await insertFile(trx, completion, parseDescriptor(completion.descriptor));
    });
    if (!completion) return { fileId: row.id };
    const { id, descriptor } = completion;
    return { fileId: row.id, completed: { fileId: id, descriptor } };
  };
}

/** SPEC W4: a file of our own names what is here. @throws IsletError E-CORE-CONFLICT, with the ids of what is missing */
async function assertHeld(db: Executor, idTag: string, variants: readonly Variant[]): Promise<void> {
  const blobs = [...new Set(variants.map(({ blob }) => blob))];
  const missing = await listMissing(db, idTag, blobs);
  if (missing.length > 0)
    throw new IsletError('E-CORE-CONFLICT', 'blobs of this file are not here', missing, { missing });
}

/** What is here must be what the descriptor says of it. @returns whether the original can be opened */
async function checkVariants(variants: readonly Variant[], blobs: Blobs, images: Images): Promise<boolean> {
  let opened = false;
  for (const variant of variants) {
    const { name, blob, size } = variant;
    const held = await blobs.size(blob);
    if (held === undefined) continue;
    if (held !== size) throw refuse(name, `has ${held} bytes and not ${size}`);
    if (findOriginal([variant])) opened = await images.check(variant);
    else if (name.startsWith('vis.') && name !== 'vis.orig') await checkRendition(variant, images);
  }
  return opened;
}

async function checkRendition(variant: Variant, images: Images): Promise<void> {
  const { name, size, format } = variant;
  if (size > largestRendition) throw refuse(name, `has more than ${largestRendition} bytes`);
  if (!shownFormats.includes(format)) throw refuse(name, `is ${format}, which browsers do not show`);
  await images.check(variant);
}

function refuse(name: string, why: string): IsletError {
  return new IsletError('E-FILE-INVALID', `${name} ${why}`, name, { variant: name });
}

/**
 * The file that names the renditions which were missing besides the others; its root is the first file. As a profile picture
 * is open to all, it leaves the original out.
 */
async function complete(row: FileRow, profile: boolean, parts: RegisterParts): Promise<FileRow | undefined> {
  const { db, blobs, images } = parts;
  const variants = parseDescriptor(row.descriptor);
  const original = findOriginal(variants);
  const sizes = missingSizes(variants, profile);
  if (!original || (sizes.length === 0 && !profile)) return undefined;
  const known = (await listCompletions(db, row)).find(({ descriptor }) => isComplete(descriptor, profile));
  if (known || (await blobs.size(original.blob)) === undefined) return known;
  const rendered = sizes.length === 0 ? [] : await images.render(original, sizes);
  const made = rendered.length < sizes.length ? undefined : await storeRenditions(row, rendered, parts);
  if (!made) return undefined;
  const kept = profile ? variants.filter((variant) => variant !== original) : variants;
  const descriptor = formatDescriptor([...kept, ...made]).replace('d2,', `d2,R=${row.id};`);
  return { ...row, id: await fileId(descriptor), descriptor };
}

function isComplete(descriptor: string, profile: boolean): boolean {
  const variants = parseDescriptor(descriptor);
  if (profile) return !findOriginal(variants) && variants.some(({ name }) => name === 'vis.pf');
  return findOriginal(variants) !== undefined && missingSizes(variants, false).length === 0;
}

/** @returns undefined when the identity has no room left for them */
async function storeRenditions(row: FileRow, rendered: readonly Rendition[], parts: RegisterParts) {
  const size = rendered.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const release = await parts.quota.reserve(row.id_tag, size).catch((error: unknown) => {
    if (error instanceof IsletError && error.code.startsWith('E-STORAGE-')) return undefined;
    throw error;
  });
  if (!release) return undefined;
  try {
    const made: Variant[] = [];
    for (const rendition of rendered) made.push(await storeRendition(row, rendition, parts));
    return made;
  } finally {
    release();
  }
}

async function storeRendition(
  { id_tag }: FileRow,
  { name, bytes, width, height }: Rendition,
  { db, blobs, use, now }: RegisterParts,
): Promise<Variant> {
  const blob = await blobId(Uint8Array.from(bytes));
  const size = bytes.length;
  await use.during(blob, async () => {
    if ((await blobs.size(blob)) !== size) await blobs.write(blob, Readable.from([bytes]), size);
    await hold(db, { id_tag, blob, size, loose: 0, fetched_from: null, added_at: now() });
  });
  return { name, blob, format: 'webp', size, width, height };
}
