import * as Y from 'yjs';
import {
  type Handed,
  type HandedFields,
  type QuarantineItem,
  quarantineLimits,
} from '../../../shared/api/quarantine.ts';
import { bytesToBase64url } from '../../../shared/bytes.ts';
import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import { isIdTag } from '../../../shared/identity/id-tag.ts';
import { INDEX_ID, isDocumentId } from '../documents/document-id.ts';
import { type IndexEntry, readEntries, readEntry } from '../documents/index-entries.ts';
import { hashBlob } from '../files/hash-blob.ts';
import { hasBytes, readVariants } from '../files/variants.ts';
import type { ActionRow, OutboxRow, Upload } from '../store/action-rows.ts';
import type { ArrivalRow, Database } from '../store/database.ts';
import { decodeKnown } from '../sync/known.ts';
import { createLedger } from '../sync/ledger.ts';
import { keysOf, readUnsentIndex, type UnsentIndex } from './unsent-index.ts';

/** What handing over needs of the documents of this device. */
export interface HeldDocuments {
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
}

export interface UnsentOptions {
  db: Database;
  documents: HeldDocuments;
}

/** What only this device has, a step at a time: one after the other, since each leaves to the later ones what it did not tell. */
export interface UnsentWork {
  readonly steps: readonly (() => Promise<QuarantineItem[]>)[];
  /** Bytes that lie nowhere else in the database, by blob id; filled by the steps. */
  readonly loose: ReadonlyMap<string, Blob>;
}

interface Reading extends UnsentOptions {
  index: Y.Doc;
  unsent: UnsentIndex;
  /** Documents and files that are told of by themselves, and bytes that these name. */
  told: Set<string>;
  named: Set<string>;
  loose: Map<string, Blob>;
}

/** Looks for what the relay has not acknowledged (SPEC X10). The same is told in the same words each time. Writes nothing. */
export async function listUnsent({ db, documents }: UnsentOptions): Promise<UnsentWork> {
  const { doc: index } = await documents.snapshot(INDEX_ID);
  const unsent = readUnsentIndex(index, decodeKnown((await db.sync.get(INDEX_ID))?.acked));
  const loose = new Map<string, Blob>();
  const reading: Reading = { db, documents, index, unsent, loose, told: new Set(), named: new Set() };
  const [dirty, files, outbox, refused, arrivals] = await Promise.all([
    createLedger(db).dirtyDocuments(),
    listFiles(reading),
    db.outbox.orderBy('order').toArray(),
    db.actions.filter(({ state, text }) => state === 'refused' && text.trim() !== '').toArray(),
    db.arrivals.toArray(),
  ]);
  const uploads = [...outbox, ...refused].flatMap(({ uploads: all = [] }) => all);
  const steps = [
    ...dirty.map((id) => () => describeDocument(id, reading)),
    ...outbox.map((row) => () => Promise.resolve(describeDraft(row))),
    ...refused.map((row) => () => Promise.resolve(describeRefused(row))),
    ...files.map((entry) => () => Promise.resolve(describeFile(entry, reading))),
    ...uploads.map((upload) => () => Promise.resolve(describeUpload(upload, reading))),
    ...arrivals.map((row) => () => describeArrival(row, reading)),
    () => Promise.resolve(describeChanges(reading)),
    () => describePictures(reading),
  ];
  return { steps, loose };
}

/** All of it, not the difference: whoever takes it in may have nothing of it. */
async function describeDocument(id: string, reading: Reading): Promise<QuarantineItem[]> {
  const { db, documents, index, unsent, told } = reading;
  if (id === INDEX_ID || !isDocumentId(id)) return [];
  const { doc } = await documents.snapshot(id);
  try {
    if (!(await createLedger(db).compare(id, doc)).missing) return [];
    const { title = '', type = 'text', owner } = readEntry(index, id) ?? {};
    const bytes = Y.encodeStateAsUpdate(doc);
    const blobs = await listPictures(bytes, reading);
    const change = unsent.changes.get(id);
    told.add(id);
    const item: Handed<'document'> = {
      ...{ kind: 'document', doc: id, title: title.slice(0, 255), type: type.slice(0, 40) },
      ...{ update: bytesToBase64url(Uint8Array.from(bytes)) },
      ...(isIdTag(owner) && { owner }),
      ...(blobs.length > 0 && { blobs }),
      ...(change?.added && placed(change.fields)),
    };
    return [item];
  } finally {
    doc.destroy();
  }
}

/** Pictures that a document names, whatever its type: ids of blobs stand in its bytes as they are. */
async function listPictures(update: Uint8Array, { db, named }: Reading): Promise<Handed<'picture'>['blobs']> {
  const text = new TextDecoder('latin1').decode(update);
  const ids = [...new Set(text.match(/b1~[\w-]{43}/g))].sort();
  const rows = await db.blobs
    .where('id')
    .anyOf(ids)
    .and(({ uploaded }) => uploaded !== 1)
    .toArray();
  const blobs = rows.slice(0, 1000).map(({ id: blob, size }) => ({ blob, size }));
  for (const { blob } of blobs) named.add(blob);
  return blobs;
}

/** Where a new entry stands and how it is marked; what it is called and is, the item says itself. */
function placed(fields: HandedFields): { fields?: HandedFields } {
  const { title: _title, type: _type, sealed: _sealed, ...rest } = fields;
  return Object.keys(rest).length > 0 ? { fields: rest } : {};
}

/** What was said in words; a reaction or a request says nothing without its subject. */
function describeDraft({ id, statement }: OutboxRow): QuarantineItem[] {
  const { c, t, iat, aud } = statement;
  if (typeof c !== 'string' || c.trim() === '') return [];
  return [
    {
      ...{ kind: 'draft', nonce: id, t, text: c, written: iat },
      ...(aud !== undefined && { to: aud }),
    },
  ];
}

function describeRefused({ id, t, text, iat, aud }: ActionRow): QuarantineItem[] {
  return [{ kind: 'draft', nonce: id, t, text, written: iat, ...(aud !== undefined && { to: aud }) }];
}

/** Entries whose bytes the relay has not acknowledged, or that nobody else knows to name them. */
async function listFiles({ db, index, unsent }: Reading): Promise<IndexEntry[]> {
  const waiting = new Set(await db.uploads.toCollection().primaryKeys());
  return readEntries(index).filter(
    (entry) =>
      hasBytes(entry) && entry.file !== undefined && (waiting.has(entry.id) || unsent.files.has(entry.id)),
  );
}

function describeFile(entry: IndexEntry, { unsent, told, named }: Reading): QuarantineItem[] {
  const { id, title, mime, size, file = '', descriptor = '', sealed } = entry;
  const blobs = variantsOf(descriptor, named);
  if (blobs.length === 0) return [];
  told.add(id);
  const keys = sealed === undefined ? [] : keysOf(sealed, unsent.keys);
  const item: Handed<'file'> = {
    ...{ kind: 'file', title: title.slice(0, 255), file, descriptor, blobs, entry: id },
    ...(mime !== undefined && { mime: mime.slice(0, 100) }),
    ...(size !== undefined && { size }),
    ...(sealed !== undefined && { sealed }),
    ...(keys.length > 0 && { keys }),
    ...placed(unsent.changes.get(id)?.fields ?? {}),
  };
  return [item];
}

/** A picture of a post that was not sent. */
function describeUpload(
  { fileId: file, descriptor, contentType, fileName }: Upload,
  { named }: Reading,
): QuarantineItem[] {
  const blobs = variantsOf(descriptor, named);
  if (blobs.length === 0) return [];
  const size = Math.max(...blobs.map((blob) => blob.size));
  const about = { title: fileName.slice(0, 255), mime: contentType.slice(0, 100), size };
  return [{ kind: 'file', ...about, file, descriptor, blobs }];
}

function variantsOf(descriptor: string, named: Set<string>): Handed<'picture'>['blobs'] {
  const sizes = new Map(readVariants({ descriptor }).map(({ blob, size }) => [blob, size]));
  for (const blob of sizes.keys()) named.add(blob);
  return [...sizes].map(([blob, size]) => ({ blob, size }));
}

/** What another application handed to this device, and nobody had taken in yet. */
async function describeArrival({ name, bytes }: ArrivalRow, { loose }: Reading): Promise<QuarantineItem[]> {
  const blob = await hashBlob(bytes).catch(() => undefined); // what cannot be read any more is nowhere
  if (blob === undefined) return [];
  const { size, type: mime } = bytes;
  const variant = { name: 'raw.orig', blob, format: 'bin', size, width: 0, height: 0 };
  const descriptor = formatDescriptor([variant]);
  loose.set(blob, bytes);
  const about = { title: name.slice(0, 255), mime: mime.slice(0, 100), size };
  return [{ kind: 'file', ...about, file: await fileId(descriptor), descriptor, blobs: [{ blob, size }] }];
}

/** Edits of the index, but for what comes with documents and files, and what neighbours share: that others hear as we did. */
function describeChanges({ index, unsent, told }: Reading): QuarantineItem[] {
  const changes = [...unsent.changes.values()].filter(
    ({ id, added }) => !(added && (told.has(id) || readEntry(index, id)?.owner !== undefined)) && !isFile(id),
  );
  const keys = unsent.keys.slice(0, 1000);
  const items: QuarantineItem[] = [];
  for (let at = 0; at < changes.length; at += quarantineLimits.changes)
    items.push({ kind: 'changes', changes: changes.slice(at, at + quarantineLimits.changes) });
  const [first] = items;
  if (first?.kind === 'changes' && keys.length > 0) first.keys = keys;
  return items;

  function isFile(id: string): boolean {
    return told.has(id) && hasBytes(readEntry(index, id) ?? { type: '' });
  }
}

/** Pictures of documents whose words the relay has. */
async function describePictures({ db, named }: Reading): Promise<QuarantineItem[]> {
  const rows = await db.blobs.where('uploaded').equals(0).toArray();
  return rows
    .filter(({ id }) => !named.has(id))
    .map(({ id: blob, size, type }) => ({
      kind: 'picture',
      mime: type.slice(0, 100),
      blobs: [{ blob, size }],
    }));
}
