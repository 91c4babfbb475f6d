import { parseDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import type { DocumentRow } from '../store/database.ts';

/** The variants of a row as the relay has them; none when it has no readable descriptor, which another device wrote. */
export function readVariants({ descriptor }: { descriptor?: string | undefined }): readonly Variant[] {
  if (descriptor === undefined) return [];
  try {
    return parseDescriptor(descriptor);
  } catch {
    return []; // shown as a file without contents
  }
}

/** The first file of a descriptor that the relay completed (`R=<id>`): both go when the file goes. */
function rootOf(descriptor: string | undefined): string | undefined {
  return /^d2,R=(f1~[\w-]{43});/.exec(descriptor ?? '')?.[1];
}

/** Rows are never changed: what they say is read once. */
const known = new WeakMap<DocumentRow, readonly Variant[]>();

/** The files (with those they complete) and blobs that entries name. */
export function namedBy(rows: Iterable<DocumentRow>): { files: Set<string>; blobs: Set<string> } {
  const [files, blobs] = [new Set<string>(), new Set<string>()];
  for (const row of rows) {
    for (const file of filesOf(row)) files.add(file);
    const read = known.get(row) ?? readVariants(row);
    known.set(row, read);
    for (const { blob } of read) blobs.add(blob);
  }
  return { files, blobs };
}

/** The file of an entry, and the one that it completes. */
export function filesOf({ file, descriptor }: Pick<DocumentRow, 'file' | 'descriptor'>): string[] {
  return [file, rootOf(descriptor)].filter((one) => one !== undefined);
}

/** The variants without which a file is not here: its original, else all. */
export function neededVariants(variants: readonly Variant[]): readonly Variant[] {
  const originals = variants.filter(({ name }) => name.endsWith('.orig'));
  return originals.length > 0 ? originals : variants;
}

/** True when the device promises to keep the entry, or a folder above it. */
export function isKept(row: DocumentRow, device: string, rows: ReadonlyMap<string, DocumentRow>): boolean {
  for (let at: DocumentRow | undefined = row; at; at = rows.get(at.parent))
    if (at.kept.includes(device)) return true;
  return false;
}

/** True for an entry that has bytes. */
export function hasBytes({ type }: Pick<DocumentRow, 'type'>): boolean {
  return type === 'file' || type === 'sealed';
}

/** Copies of a file. Other devices have it from the relay: what is not there yet they cannot have, whatever they promised. */
export function countCopies(at: { here: boolean; relay: boolean; promised: number }): number {
  return Number(at.here) + Number(at.relay) + (at.relay ? at.promised : 0);
}
