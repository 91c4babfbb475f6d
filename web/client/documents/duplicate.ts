import * as Y from 'yjs';
import type { Documents } from './documents.ts';
import type { EntryFields } from './index-entries.ts';
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
