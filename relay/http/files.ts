import { buffer } from 'node:stream/consumers';
import { isBlobId } from '../../shared/file/blob-id.ts';
import { parseDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, newFileSchema, routes } from '../../shared/routes.ts';
import type { Register } from '../files/register.ts';
import { assertBytes } from '../identity/access.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Database } from '../store/database.ts';
import { findFile, listFilesOfBlob } from '../store/files.ts';
import { findHolding } from '../store/holdings.ts';
import { findOpenness, isBlobOpen } from '../store/openness.ts';
import type { FileRow } from '../store/tables.ts';
import { readJson } from './body.ts';
import { chooseVariant, parseVariantName } from './choose-variant.ts';
import { cleanFileName, formatDisposition, showAs, sniffed } from './content-type.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { isDocumentId, readDocument } from './documents.ts';
import { sendBlob } from './send-blob.ts';
import { isForDocument } from './shared-pictures.ts';

export interface FileParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly register: Register;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The same under the names of the documents. */
const bases = [routes.files, routes.store, routes.file];

/** Files, named by their hashes, and their bytes (SPEC B1–B6). */
export function createFileResource({ db, blobs, register, now }: FileParts): Resource {
  const resource = createResource();
  const readHead = createHeads(blobs);

  resource.post(routes.files, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertBytes(grant, 'file/create');
    const { descriptor, contentType, fileName, visibility } = await readJson(ctx, newFileSchema, limits.body);
    const file = { id_tag: ctx.state.tenant.idTag, descriptor, visibility: visibility ?? ('D' as const) };
    const names = { content_type: contentType, file_name: cleanFileName(fileName) || 'file' };
    answer(ctx, await register({ ...file, ...names, profile: 'profile' in ctx.query }), now(), 201);
  });

  for (const base of bases) addBytes(resource, base, { db, blobs, readHead });

  for (const base of bases) {
    resource.get(`${base}/:id/descriptor`, async (ctx) => {
      answer(ctx, (await readFileRow(ctx, db)).file.descriptor, now());
    });

    resource.get(`${base}/:id/metadata`, async (ctx) => {
      if (isDocumentId(ctx.params.id)) return answer(ctx, await readDocument(ctx, db), now());
      const { file } = await readFileRow(ctx, db);
      const { content_type, file_name, created_at, visibility } = file;
      const createdAt = new Date(created_at).toISOString();
      answer(ctx, { contentType: content_type, fileName: file_name, createdAt, visibility }, now());
    });
  }
  return resource;
}

interface ByteParts extends Pick<FileParts, 'db' | 'blobs'> {
  /** What a blob begins with. */
  readonly readHead: (blob: string) => Promise<Uint8Array>;
}

function addBytes(resource: Resource, base: string, { db, blobs, readHead }: ByteParts): void {
  resource.get(`${base}/variant/:blob`, async (ctx) => {
    const { blob, isOpen, isLoose } = await readBlob(ctx, db);
    // A picture of a document is shown to others by its bytes alone, whatever files name them.
    const files = isLoose ? [] : await listFilesOfBlob(db, ctx.state.tenant.idTag, blob);
    const uses = files.flatMap((file) =>
      parseDescriptor(file.descriptor)
        .filter((variant) => variant.blob === blob)
        // Another file, which is not open, may name the same bytes: what it is called is not for everybody.
        .map((variant) => ({ file: isOpen ? { ...file, file_name: '' } : file, variant })),
    );
    await sendUse(ctx, { blobs, blob, uses, readHead, isWhole: true });
  });

  resource.get(`${base}/:id`, async (ctx) => {
    const name = parseVariantName(ctx.query.variant);
    const { file, mayRead } = await readFileRow(ctx, db);
    const variant = chooseVariant(await listHere(file, blobs, mayRead), name);
    if (!variant) throw new IsletError('E-CORE-NOTFOUND', 'this rendition is not here', name);
    const isWhole = variant.name === name;
    await sendUse(ctx, { blobs, blob: variant.blob, uses: [{ file, variant }], readHead, isWhole });
  });
}

/** A device of the identity, by header or `?token=`: pictures and players cannot send headers. */
async function readReader(ctx: RelayContext): Promise<void> {
  const { token } = ctx.query;
  const isInQuery = typeof token === 'string' && ctx.get('authorization') === '';
  const { grant } = isInQuery ? await ctx.state.tenant.access.verify(token) : await readSession(ctx);
  assertBytes(grant, 'file/read');
}

/** A file, and which of its blobs are for who asks. */
interface Shown {
  readonly file: FileRow;
  readonly mayRead: (blob: string) => Promise<boolean>;
}

/** SPEC B5; a guest is not told what there is. @throws IsletError E-AUTH-UNAUTH, E-CORE-NOTFOUND */
async function readFileRow(ctx: RelayContext, db: Database): Promise<Shown> {
  const id = String(ctx.params.id);
  if (isDocumentId(id)) throw new IsletError('E-CORE-NOTFOUND', 'a document has no bytes: it is opened', id);
  const { idTag } = ctx.state.tenant;
  const file = await findFile(db, idTag, id);
  const openness = file ? await findOpenness(db, file) : 'none';
  if (openness === 'none') await readReader(ctx);
  if (!file) throw new IsletError('E-CORE-NOTFOUND', 'no such file', id);
  const mayRead = async (blob: string) => {
    if (!(await findHolding(db, idTag, blob))) return false;
    return openness !== 'some' || (await isBlobOpen(db, idTag, blob)) || (await isReader(ctx));
  };
  return { file, mayRead };
}

async function isReader(ctx: RelayContext): Promise<boolean> {
  try {
    await readReader(ctx);
    return true;
  } catch (error) {
    if (error instanceof IsletError) return false;
    throw error;
  }
}

/** SPEC B5, Z11. @throws IsletError E-VAL-INVALID, E-AUTH-UNAUTH, E-CORE-NOTFOUND */
async function readBlob(ctx: RelayContext, db: Database) {
  const blob: unknown = ctx.params.blob;
  if (!isBlobId(blob)) throw new IsletError('E-VAL-INVALID', 'not a blob id', blob);
  const isOpen = await isBlobOpen(db, ctx.state.tenant.idTag, blob);
  const isLoose = !isOpen && (await isForDocument(ctx, db, blob));
  if (!isOpen && !isLoose) await assertOwn(ctx, db, blob);
  return { blob, isOpen, isLoose };
}

/** SPEC N13: bytes that only another identity of this relay has are as if they were not here. */
async function assertOwn(ctx: RelayContext, db: Database, blob: string): Promise<void> {
  await readReader(ctx);
  if (!(await findHolding(db, ctx.state.tenant.idTag, blob)))
    throw new IsletError('E-CORE-NOTFOUND', 'this blob is not here', blob);
}

async function listHere(
  { descriptor }: FileRow,
  blobs: Blobs,
  mayRead: Shown['mayRead'],
): Promise<Variant[]> {
  const here: Variant[] = [];
  for (const variant of parseDescriptor(descriptor))
    if ((await blobs.size(variant.blob)) !== undefined && (await mayRead(variant.blob))) here.push(variant);
  return here;
}

interface Use {
  readonly file: FileRow;
  readonly variant: Variant;
}

interface Sending {
  readonly blobs: Blobs;
  readonly blob: string;
  /** As what files name the blob; none when it is loose. */
  readonly uses: readonly Use[];
  readonly readHead: (blob: string) => Promise<Uint8Array>;
  /** The address names exactly these bytes, for ever. */
  readonly isWhole: boolean;
}

async function sendUse(ctx: RelayContext, { blobs, blob, uses, readHead, isWhole }: Sending): Promise<void> {
  const head = uses.length > 0 ? await readHead(blob) : new Uint8Array();
  const told = uses.map((use) => ({ ...use, shown: showAs(use.variant, use.file.content_type, head) }));
  const best = told.find(({ shown }) => shown.inline) ?? told[0];
  const { type, inline } = best?.shown ?? { type: 'application/octet-stream', inline: false };
  const disposition = formatDisposition(inline, best ? nameOf(best) : '');
  const cacheControl = isWhole ? 'private, max-age=31536000, immutable' : 'private, no-cache';
  await sendBlob(ctx, blobs, { blob, type, disposition, cacheControl, etag: `"${blob}"` });
}

/** Renditions are of another format than the file they were made of. */
function nameOf({ file, variant }: Use): string {
  if (variant.name.endsWith('.orig') || file.file_name === '') return file.file_name;
  return `${file.file_name.replace(/\.\w{1,10}$/, '')}.${variant.format}`;
}

const mostHeads = 2000;

/** What blobs begin with, remembered for some: they never change. */
function createHeads(blobs: Blobs) {
  const heads = new Map<string, Uint8Array>();
  return async (blob: string): Promise<Uint8Array> => {
    const known = heads.get(blob);
    if (known) return known;
    const size = await blobs.size(blob);
    if (!size) return new Uint8Array();
    const head = await buffer(await blobs.read(blob, { start: 0, end: Math.min(sniffed, size) - 1 }));
    if (heads.size >= mostHeads) heads.clear();
    heads.set(blob, head);
    return head;
  };
}
