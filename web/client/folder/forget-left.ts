import * as Y from 'yjs';
import type { Documents } from '../documents/documents.ts';
import { namedBy, readVariants } from '../files/variants.ts';
import type { Database } from '../store/database.ts';
import { forgetDocument, isOpen } from './forget-document.ts';
import { hasRows, type Listed } from './listed.ts';

export interface LeavingParts {
  db: Database;
  listed: Listed;
  tree: Documents['tree'];
  snapshot: Documents['snapshot'];
  findUnsent: (ids: readonly string[]) => Promise<Set<string>>;
}

/**
 * Forgets what is not in the folder any more: words, pictures, bytes.
 * @returns titles of what stays because something of it was not sent, and whether something is only held by a page that shows it
 */
export async function forgetLeft(parts: LeavingParts): Promise<{ titles: string[]; open: boolean }> {
  const { listed, tree } = parts;
  const left = [...listed.rows.values()].filter((row) => row.left);
  if (left.length === 0) return { titles: [], open: false };
  const unsent = await parts.findUnsent(left.map(({ id }) => id));
  const shown = tree.rows();
  const titles: string[] = [];
  let open = false;
  for (const row of left) {
    const entry = shown.get(row.id);
    // Taken out of the index by a person: nobody wants it any more.
    if (unsent.has(row.id) && entry !== undefined) titles.push(entry.title);
    else if (hasRows(row) && (await isOpen(row.id))) open = true;
    else await forget(row, parts);
  }
  return { titles, open };
}

async function forget(
  row: { id: string; fields: Readonly<Record<string, string | number>> },
  { db, listed, tree, snapshot }: LeavingParts,
): Promise<void> {
  const { descriptor } = row.fields;
  const blobs = readVariants({ descriptor: String(descriptor ?? '') }).map(({ blob }) => blob);
  if (hasRows(row)) {
    const { doc } = await snapshot(row.id);
    blobs.push(...picturesIn(doc));
    doc.destroy();
  }
  await forgetDocument(db, row.id);
  const { blobs: used } = namedBy(tree.rows().values());
  // Nobody else has what was not uploaded.
  await db.blobs
    .where('id')
    .anyOf(blobs.filter((blob) => !used.has(blob)))
    .and(({ uploaded }) => uploaded !== 0)
    .delete();
  await listed.change(row.id, undefined);
}

/** Blobs that a document names anywhere; what another one shows too is fetched again by that one. */
function picturesIn(doc: Y.Doc): string[] {
  const text = new TextDecoder('latin1').decode(Y.encodeStateAsUpdate(doc));
  return [...text.matchAll(/b1~[\w-]{43}/g)].map(([id]) => id);
}
