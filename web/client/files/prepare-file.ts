import type { Variant } from '../../../shared/file/descriptor.ts';
import type { PlainFile } from '../sealed/vaults.ts';
import type { FileWork } from './file-work.ts';
import { fileKind } from './kinds.ts';
import { readMedia } from './renditions/media.ts';
import type { Rendition } from './renditions/picture.ts';

/** Files up to this size are read once and kept from what was read; larger ones are kept from their handle. */
const readWhole = 8 * 1024 * 1024;

export interface PrepareOptions {
  work: FileWork;
  /** With a square for a profile. */
  profile?: boolean;
}

type Original = Omit<Variant, 'blob' | 'size'> & { mime: string; renditions: readonly Rendition[] };

/**
 * A picked file as it will be kept: its original and the smaller forms that this browser can make. `blob` of the variants is
 * still empty. Whatever is not what its name says, or is dangerous to decode, is plain bytes.
 * @throws DOMException when the file cannot be read any more
 */
export async function prepareFile(file: File, { work, profile = false }: PrepareOptions): Promise<PlainFile> {
  const kind = fileKind(file.name, file.type);
  const source = file.size <= readWhole ? new Blob([await file.arrayBuffer()]) : file;
  const { mime, renditions, ...original } = await describe(source, kind, { work, profile });
  const bytes = source.slice(0, source.size, mime);
  const blobs = new Map([[original.name, bytes]]);
  const variants: Variant[] = [{ ...original, blob: '', size: bytes.size }];
  for (const { name, bytes: smaller, width, height } of renditions) {
    const format = smaller.type.replace('image/', '');
    variants.push({ name, blob: '', format, size: smaller.size, width, height });
    blobs.set(name, smaller);
  }
  return { title: file.name, mime, size: bytes.size, variants, blobs };
}

async function describe(
  source: Blob,
  { mime, format, class: of }: ReturnType<typeof fileKind>,
  { work, profile }: { work: FileWork; profile: boolean },
): Promise<Original> {
  const flat = { mime, format, width: 0, height: 0, renditions: [] };
  if (of === 'vis') {
    const picture = await work.render(source, { profile });
    if (!picture) return { ...flat, name: 'raw.orig', mime: 'application/octet-stream' };
    return { ...picture, name: 'vis.orig', format: picture.mime.slice('image/'.length) };
  }
  if (of === 'vid' || of === 'aud') {
    const typed = source.slice(0, source.size, mime);
    const facts = await readMedia(typed, of === 'vid' ? 'video' : 'audio');
    return { ...flat, ...facts, name: `${of}.orig` };
  }
  if (of === 'doc') {
    // A chunk of its own: most people never add one. Without it the file is kept as it is.
    const reader = await import('./renditions/pdf.ts').catch(() => undefined);
    const facts = await reader?.readPdf(source);
    return { ...flat, ...facts, name: 'doc.orig' };
  }
  return { ...flat, name: 'raw.orig' };
}

/** The same with the blob ids filled in. */
export async function hashFile(file: PlainFile, work: Pick<FileWork, 'hash'>): Promise<PlainFile> {
  const variants: Variant[] = [];
  for (const variant of file.variants) {
    const bytes = file.blobs.get(variant.name);
    if (bytes) variants.push({ ...variant, blob: await work.hash(bytes), size: bytes.size });
  }
  return { ...file, variants };
}
