import type { DocumentModel } from './document-model.ts';
import type { Documents } from './documents.ts';
import { addEntry } from './index-entries.ts';

/** What a new document is. */
export interface NewDocument {
  /** The `type` of its entry. */
  type: string;
  model: DocumentModel;
  /** What a new one begins with, in the language of who makes it. */
  words: readonly string[];
  title?: string;
  /** Id of a folder; the top when absent. */
  parent?: string;
}

/**
 * Makes a document of any type but text, which enters the index by its first words. Resolves with its id when it is saved on this
 * device; rejects in words when it cannot be.
 * @param now milliseconds since 1970
 */
export async function createDocument(documents: Documents, made: NewDocument, now: number): Promise<string> {
  const { type, model, words, title = '', parent = '' } = made;
  const id = documents.newId();
  const open = await documents.open(id, { listed: false });
  open.doc.transact(() => {
    open.doc.getMap('meta').set('type', type);
    open.doc.getMap('meta').set('schema', model.schema);
    model.create?.(open.doc, words);
  });
  await open.whenSaved();
  const index = documents.index.doc;
  index.transact(() =>
    addEntry(index, id, {
      ...{ title, excerpt: '', type, schema: model.schema, parent, moved: now },
      ...{ created: now, edited: now },
    }),
  );
  await open.close();
  return id;
}
