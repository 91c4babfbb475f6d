import { liveQuery } from 'dexie';
import * as v from 'valibot';
import { IsletError } from '../../../shared/errors.ts';
import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import { fileCreatedSchema, routes, storageSchema } from '../../../shared/routes.ts';
import type { Tree } from '../documents/tree.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { BlobRow, Database, DocumentRow, UploadRow } from '../store/database.ts';
import type { FileWork } from './file-work.ts';
import { dropUpload, sendBlob } from './send-blob.ts';
import { readVariants } from './variants.ts';

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

/** What is done with an upload that did not end well; `again` when something was changed and it is tried at once. */
type Outcome = Partial<UploadRow> | 'again';

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

async function findNext({
  db,
  tree,
  now,
}: UploadParts): Promise<{ upload: UploadRow; entry: DocumentRow } | undefined> {
  for (const upload of await db.uploads.orderBy('at').toArray()) {
    if (upload.state !== 'waiting' && upload.state !== 'running') continue;
    const entry = tree.get(upload.id);
    if (entry) return { upload, entry };
    if (now() - upload.at > orphanAge) await db.uploads.delete(upload.id);
  }
  return undefined;
}

async function sendFile(upload: UploadRow, entry: DocumentRow, parts: UploadParts): Promise<void> {
  const { db } = parts;
  const { id } = upload;
  const stopping = new AbortController();
  const watch = liveQuery(() => db.uploads.get(id)).subscribe((row) => {
    if (!row || row.state === 'stopped') stopping.abort(new Stopped());
  });
  try {
    await change(db, id, { state: 'running', begun: 1 });
    const variants = readVariants(entry);
    await sendVariants(variants, upload, stopping.signal, parts);
    await register(entry, variants, parts);
  } catch (error) {
    if (error instanceof Stopped) return await finishStopped(parts);
    const outcome = await judge(error, entry, parts);
    await change(db, id, outcome === 'again' ? { state: 'waiting' } : outcome);
    if (outcome !== 'again' && outcome.state === 'waiting') throw error;
  } finally {
    watch.unsubscribe();
  }
}

/** The user wants it to stay here only. */
class Stopped extends Error {}

/** Sets fields of an upload, unless it was stopped or is gone. */
async function change(db: Database, id: string, fields: Partial<UploadRow>): Promise<void> {
  await db.uploads
    .where('id')
    .equals(id)
    .and(({ state }) => state !== 'stopped')
    .modify(fields);
}

async function sendVariants(
  variants: readonly Variant[],
  { id, total }: UploadRow,
  signal: AbortSignal,
  { db, api, now }: UploadParts,
): Promise<void> {
  const rows = await db.blobs.bulkGet(variants.map(({ blob }) => blob));
  const sent = new Map<string, number>();
  const send = async ({ id: blob, bytes }: BlobRow): Promise<void> => {
    const onOffset = async (offset: number): Promise<void> => {
      sent.set(blob, offset);
      const sum = [...sent.values()].reduce((a, b) => a + b, 0);
      if (total >= worthTelling) await change(db, id, { sent: Math.min(sum, total) });
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
  variants: readonly Variant[],
  { db, api, tree }: UploadParts,
): Promise<void> {
  const { id, file, descriptor = '', title, mime = 'application/octet-stream' } = entry;
  const fileName = title.slice(0, 255) || 'sealed';
  const body = { descriptor, contentType: mime, fileName };
  const { completed } = await api.post(routes.files, body, fileCreatedSchema);
  if (tree.get(id)?.file === file) {
    const { fileId: stored = file, descriptor: full = descriptor } = completed ?? {};
    tree.setFields(id, { file: stored, descriptor: full, stored });
  }
  await db.transaction('rw', db.blobs, db.uploads, async () => {
    const sent = db.blobs.where('id').anyOf(variants.map(({ blob }) => blob));
    await sent.and(({ uploaded }) => uploaded === 2).modify({ uploaded: 1 });
    await db.uploads.delete(id);
  });
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
      return (await keepAsBytes(entry, parts)) ? 'again' : { state: 'refused', reason };
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
async function keepAsBytes(entry: DocumentRow, { tree }: UploadParts): Promise<boolean> {
  const picture = readVariants(entry).find(({ name }) => name === 'vis.orig');
  if (!picture || entry.type !== 'file') return false;
  const descriptor = formatDescriptor([{ ...picture, name: 'raw.orig', width: 0, height: 0 }]);
  const mime = 'application/octet-stream';
  tree.setFields(entry.id, { mime, descriptor, file: await fileId(descriptor), stored: undefined });
  return true;
}

/** Files that found no room are tried again when they would fit. */
async function freeFull({ db, api }: UploadParts): Promise<void> {
  const full = await db.uploads.filter(({ state }) => state === 'full').toArray();
  if (full.length === 0) return;
  const { left } = await api.get(routes.storage, storageSchema);
  for (const { id, total } of full) await change(db, id, total <= left ? { state: 'waiting' } : { left });
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

/** Takes files back from the relay that were deleted for good, as soon as it can be reached. */
export async function sendReleases({ db, api }: Pick<UploadParts, 'db' | 'api'>): Promise<void> {
  for (const { file } of await db.releases.toArray()) {
    try {
      await api.remove(routes.files + segment(file));
    } catch (error) {
      // An action shows it, or it is the picture of this identity: then it stays there.
      if (!(error instanceof IsletError) || error.status === 401) throw error;
    }
    await db.releases.delete(file);
  }
}
