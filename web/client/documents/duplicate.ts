import * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import type { Documents } from './documents.ts';
import type { EntryFields } from './index-entries.ts';
import { isDocumentType } from './find-entries.ts';
import { setHeading } from './retitle.ts';
import type { Undo } from './tree-changes.ts';
import type { Tree } from './tree.ts';

export interface DuplicateOptions {
  documents: Documents;
  tree: Tree;
  /** What the copy is called, when its title can be told apart from its words. */
  title?: string;
  /** Fields of its entry besides. */
  fields?: EntryFields;
}

/**
 * Copies a document with all that is in it but its comments (SPEC J8), saves it on this device and enters it beside the original. Its
 * pictures are named by their hash, so the copy has them too. Rejects in words when it cannot be read or saved.
 */
export async function duplicateDocument(
  id: string,
  { documents, tree, title, fields }: DuplicateOptions,
): Promise<{ id: string; undo: Undo }> {
  const copy = documents.newId();
  /** A text document is called by its words: where no heading says the title, they stay as they are. */
  let called = title !== undefined;
  const update = await readContent(documents, id, (doc) => {
    if (tree.get(id)?.type === 'text' && title !== undefined) called = setHeading(doc, title);
  });
  const open = await documents.open(copy, { listed: false });
  try {
    Y.applyUpdate(open.doc, update);
    await open.whenSaved();
  } finally {
    await open.close();
  }
  const undo = tree.enterCopy(id, copy, { ...(called && title !== undefined && { title }), ...fields });
  await documents.index.whenSaved();
  return { id: copy, undo };
}

/** What a copy of a whole folder is given besides. */
export interface DuplicateTree extends DuplicateOptions {
  /** Has the bytes of a file that are still to be uploaded sent for its copy too. */
  copyUpload(id: string, copy: string): Promise<void>;
}

/**
 * Copies an entry of any kind: a folder with all that is in it and not in the trash. What is sealed, or cannot be read here, is left out
 * and named in `left`. Copies of files are named by the hashes of the same bytes. Rejects in words when the entry itself cannot be copied.
 */
export async function duplicateEntry(
  id: string,
  options: DuplicateTree,
): Promise<{ id: string; left: string[]; undo: Undo }> {
  const { documents, tree } = options;
  const row = tree.get(id);
  if (row === undefined || (isDocumentType(row.type) && row.type !== 'other'))
    return { ...(await duplicateDocument(id, options)), left: [] };
  if (row.type === 'other' || row.type === 'sealed' || row.vault !== undefined || row.sealed !== undefined)
    throw new IsletError('E-VAL-INVALID', 'It cannot be copied here.', id);
  const inside = row.type === 'folder' ? tree.children(id) : [];
  const copy = documents.newId();
  const { title, fields } = options;
  const undos = [tree.enterCopy(id, copy, { ...(title !== undefined && { title }), ...fields })];
  if (row.type === 'file') await options.copyUpload(id, copy);
  const left: string[] = [];
  const { title: _title, ...parts } = options;
  for (const child of inside) {
    try {
      const made = await duplicateEntry(child.id, { ...parts, fields: { parent: copy } });
      left.push(...made.left);
      undos.push(made.undo);
    } catch {
      // One that is not here stops nobody from having the rest: it is named.
      left.push(child.id);
    }
  }
  await documents.index.whenSaved();
  // A folder goes when it is empty.
  return {
    id: copy,
    left,
    undo: () =>
      undos
        .reverse()
        .map((undo) => undo())
        .every(Boolean),
  };
}

async function readContent(
  documents: Documents,
  id: string,
  change: (doc: Y.Doc) => void,
): Promise<Uint8Array> {
  const { doc } = await documents.snapshot(id);
  try {
    if (doc.share.has('comments')) doc.getMap('comments').clear();
    doc.transact(() => change(doc));
    return Y.encodeStateAsUpdate(doc);
  } finally {
    doc.destroy();
  }
}
