import * as v from 'valibot';
import { IsletError } from '../../../shared/errors.ts';
import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import { fileCreatedSchema, routes, storageSchema } from '../../../shared/routes.ts';
import type { Tree } from '../documents/tree.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { BlobRow, Database, DocumentRow, UploadRow } from '../store/database.ts';
import { followQuery } from '../store/live-query.ts';
import type { FileWork } from './file-work.ts';
import { dropUpload, sendBlob } from './send-blob.ts';
import { namedBy, readVariants } from './variants.ts';

export interface UploadParts {
  db: Database;
  api: RelayApi;
  tree: Tree;
  work: Pick<FileWork, 'hash'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** An upload without an entry is forgotten after this, in milliseconds: its page ended before it was entered. */
const orphanAge = 24 * 60 * 60_000;
/** Progress is noted for files from this size on. */
const worthTelling = 1024 * 1024;

/** What is done with an upload that did not end well; with another `file` it is tried at once. */
type Outcome = Partial<UploadRow>;

/**
 * Sends what waits, in the order it was added, until nothing more can go. One file that the relay refuses holds up no other.
 * @throws RelayUnreachable to be tried again later; IsletError when this device may not speak at all
 */
export async function sendUploads(parts: UploadParts): Promise<void> {
  await freeFull(parts);
  await finishStopped(parts);
  for (;;) {
    const next = await findNext(parts);
    if (!next) return;
    await sendFile(next.upload, next.entry, parts);
  }
}

async function findNext(parts: UploadParts): Promise<{ upload: UploadRow; entry: DocumentRow } | undefined> {
  const { db, tree, now } = parts;
  for (const upload of await db.uploads.orderBy('at').toArray()) {
    if (upload.state !== 'waiting' && upload.state !== 'running') continue;
    const entry = tree.get(upload.id);
    if (entry && (upload.file ?? entry.file) === entry.file) return { upload, entry };
    if (now() - upload.at > orphanAge) await forgetOrphan(upload, parts);
  }
  return undefined;
}

/** Nothing will ever name these bytes: they go with the upload. */
async function forgetOrphan({ id, blobs = [] }: UploadRow, { db, tree }: UploadParts): Promise<void> {
  await db.transaction('rw', db.uploads, db.blobs, async () => {
    await db.uploads.delete(id);
    await dropBlobs(db, blobs, tree);
  });
}

/** Drops bytes that no entry names and no upload brings; inside a transaction of the caller over `blobs` and `uploads`. */
export async function dropBlobs(db: Database, blobs: readonly string[], tree: Tree): Promise<void> {
  const used = namedBy(tree.below('')).blobs;
  for (const upload of await db.uploads.toArray()) for (const blob of upload.blobs ?? []) used.add(blob);
  // What goes to the relay by itself is a picture of a document too.
  await db.blobs
    .where('id')
    .anyOf(blobs.filter((blob) => !used.has(blob)))
    .and(({ uploaded }) => uploaded !== 0)
    .delete();
}

async function sendFile(upload: UploadRow, entry: DocumentRow, parts: UploadParts): Promise<void> {
  const { db } = parts;
  const { id } = upload;
  const variants = readVariants(entry);
  const stopping = new AbortController();
  const watch = followQuery(() => db.uploads.get(id)).subscribe({
    next: (row) => {
      if (!row || row.state === 'stopped' || row.file !== upload.file) stopping.abort(new Stopped());
    },
    // Nobody would hear that it is to stop.
    error: (error: unknown) => stopping.abort(error),
  });
  try {
    await change(db, upload, { state: 'running', begun: 1 });
    await sendVariants(variants, upload, stopping.signal, parts);
    await register(entry, upload, parts);
  } catch (error) {
    if (error instanceof Stopped) return await takeBack(upload, variants, parts);
    const outcome = await judge(error, entry, parts);
    await change(db, upload, outcome);
    if (outcome.state === 'waiting' && outcome.file === undefined) throw error;
  } finally {
    watch.unsubscribe();
  }
}

/** The user wants it to stay here only, or it is something else by now. */
class Stopped extends Error {}

/** Sets fields of an upload, unless it was stopped, replaced or is gone. */
async function change(
  db: Database,
  { id, file }: Pick<UploadRow, 'id' | 'file'>,
  fields: Partial<UploadRow>,
): Promise<void> {
  await db.uploads
    .where('id')
    .equals(id)
    .and((row) => row.state !== 'stopped' && row.file === file)
    .modify(fields);
}

async function sendVariants(
  variants: readonly Variant[],
  upload: UploadRow,
  signal: AbortSignal,
  { db, api, now }: UploadParts,
): Promise<void> {
  const rows = await db.blobs.bulkGet(variants.map(({ blob }) => blob));
  const { total } = upload;
  const sent = new Map<string, number>();
  const send = async ({ id: blob, bytes }: BlobRow): Promise<void> => {
    const onOffset = async (offset: number): Promise<void> => {
      sent.set(blob, offset);
      const sum = [...sent.values()].reduce((a, b) => a + b, 0);
      if (total >= worthTelling) await change(db, upload, { sent: Math.min(sum, total) });
    };
    await sendBlob(blob, bytes, { api, signal, now, onOffset });
  };
  // One after the other: the small ones first, so that what lists show is there soonest.
  for (const row of rows) {
    signal.throwIfAborted();
    if (row) await send(row).catch((error: unknown) => Promise.reject(named(error, row.id)));
  }
}

/** A refusal keeps the name of its blob. */
function named(error: unknown, blob: string): unknown {
  return error instanceof IsletError ? new IsletError(error.code, error.message, blob, error.details) : error;
}

/** Names the file to the relay; only now is it there. */
async function register(
  entry: DocumentRow,
  upload: UploadRow,
  { db, api, tree }: UploadParts,
): Promise<void> {
  const { id, file = '', descriptor = '', title, mime = 'application/octet-stream' } = entry;
  const variants = readVariants(entry);
  const fileName = title.slice(0, 255) || 'sealed';
  const body = { descriptor, contentType: mime, fileName };
  const { completed } = await api.post(routes.files, body, fileCreatedSchema);
  const isStill = tree.get(id)?.file === file;
  if (isStill) {
    const { fileId: stored, descriptor: full } =
      completed && (await isMore(completed, variants)) ? completed : { fileId: file, descriptor };
    tree.setFields(id, { file: stored, descriptor: full, stored });
  }
  await db.transaction('rw', db.blobs, db.uploads, db.releases, async () => {
    const sent = db.blobs.where('id').anyOf(variants.map(({ blob }) => blob));
    await sent.and(({ uploaded }) => uploaded === 2).modify({ uploaded: 1 });
    // It was replaced or deleted while it was named: what is there by now goes again.
    const gone = isStill ? [] : [file, completed?.fileId ?? file];
    await db.releases.bulkPut(gone.map((one) => ({ file: one })));
    await db.uploads
      .where('id')
      .equals(id)
      .and((row) => row.file === upload.file)
      .delete();
  });
}

/** Whether the relay only added renditions: what is ours is never replaced by what it says. */
export async function isMore(
  { fileId: id, descriptor }: { fileId: string; descriptor: string },
  own: readonly Variant[],
): Promise<boolean> {
  const all = readVariants({ descriptor });
  const isKept = ({ name, blob }: Variant): boolean =>
    all.some((variant) => variant.name === name && variant.blob === blob);
  return own.every(isKept) && (await fileId(descriptor)) === id;
}

const leftSchema = v.object({ left: v.number() });

async function judge(error: unknown, entry: DocumentRow, parts: UploadParts): Promise<Outcome> {
  if (!(error instanceof IsletError)) return { state: 'waiting' };
  const { code, message: reason } = error;
  switch (code) {
    case 'E-STORAGE-FULL':
    case 'E-STORAGE-LIMIT': {
      const details = v.safeParse(leftSchema, error.details);
      return { state: 'full', left: details.success ? details.output.left : 0 };
    }
    case 'E-BLOB-HASH':
      return { state: (await isSound(String(error.value), parts)) ? 'refused' : 'damaged', reason };
    case 'E-FILE-INVALID':
      return (await keepAsBytes(entry, parts)) ?? { state: 'refused', reason };
    default:
      // This device may not speak at present: that is no fault of the file.
      return error.status === 401 ? { state: 'waiting' } : { state: 'refused', reason };
  }
}

/** Whether the bytes that this device keeps still are what they are called. */
async function isSound(id: string, { db, work }: UploadParts): Promise<boolean> {
  const row = await db.blobs.get(id);
  return row !== undefined && (await work.hash(row.bytes).catch(() => '')) === id;
}

/** A picture that the relay cannot read as one is kept as plain bytes: whatever it is, it is not lost. */
async function keepAsBytes(entry: DocumentRow, { tree }: UploadParts): Promise<Outcome | undefined> {
  const picture = readVariants(entry).find(({ name }) => name === 'vis.orig');
  if (!picture || entry.type !== 'file') return undefined;
  const descriptor = formatDescriptor([{ ...picture, name: 'raw.orig', width: 0, height: 0 }]);
  const mime = 'application/octet-stream';
  const file = await fileId(descriptor);
  tree.setFields(entry.id, { mime, descriptor, file, stored: undefined });
  return { state: 'waiting', file };
}

/** Files that found no room are tried again when they would fit. */
async function freeFull({ db, api }: UploadParts): Promise<void> {
  const full = await db.uploads.filter(({ state }) => state === 'full').toArray();
  if (full.length === 0) return;
  const { left } = await api.get(routes.storage, storageSchema);
  for (const row of full) await change(db, row, row.total <= left ? { state: 'waiting' } : { left });
}

/** What the relay holds of stopped uploads is taken back. */
async function finishStopped({ db, api, tree }: UploadParts): Promise<void> {
  const isBegun = ({ state, begun }: UploadRow): boolean => state === 'stopped' && begun === 1;
  for (const { id } of await db.uploads.filter(isBegun).toArray()) {
    const entry = tree.get(id);
    for (const { blob, size } of entry ? readVariants(entry) : []) await dropUpload(blob, size, api);
    await db.uploads.update(id, { sent: 0, begun: 0 });
  }
}

/** What the relay holds of an upload that ended early is taken back, unless something else needs it. */
async function takeBack(upload: UploadRow, variants: readonly Variant[], parts: UploadParts): Promise<void> {
  const { db, api, tree } = parts;
  if ((await db.uploads.get(upload.id))?.state === 'stopped') return finishStopped(parts);
  const { blobs } = namedBy(tree.below(''));
  for (const { blob, size } of variants) if (!blobs.has(blob)) await dropUpload(blob, size, api);
}
