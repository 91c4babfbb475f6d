import { parseDescriptor, type Variant } from '../../../shared/file/descriptor.ts';
import type { DocumentRow } from '../store/database.ts';

/** The variants of a row as the relay has them; none when it has no readable descriptor, which another device wrote. */
export function readVariants({ descriptor }: Pick<DocumentRow, 'descriptor'>): readonly Variant[] {
  if (descriptor === undefined) return [];
  try {
    return parseDescriptor(descriptor);
  } catch {
    return []; // shown as a file without contents
  }
}

/** The first file of a descriptor that the relay completed (`R=<id>`): both go when the file goes. */
export function rootOf(descriptor: string | undefined): string | undefined {
  return /^d2,R=(f1~[\w-]{43});/.exec(descriptor ?? '')?.[1];
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
