import * as Y from 'yjs';
import { blobId } from '../../../../shared/file/blob-id.ts';
import { describeText } from '../../../client/documents/describe.ts';
import type { Documents } from '../../../client/documents/documents.ts';
import { type IndexEntry, addEntry, nextMove } from '../../../client/documents/index-entries.ts';
import { formatLinks, readLinks } from '../../../client/documents/links.ts';
import { TAG, cleanTag } from '../../../client/documents/tags.ts';
import { cleanTitle } from '../../../client/documents/title.ts';
import { mayWrite } from '../../../client/rooms/may-write.ts';
import { RefusedFile } from './file-source.ts';
import { parseDataUrl } from './settle.ts';
import type { Standalone } from './standalone.ts';

export interface TakeOptions {
  documents: Documents;
  saveBlob(blob: Blob): Promise<string>;
  /** Keeps signed rows that the file has, for the history. */
  saveRows?: (id: string, rows: Standalone['rows']) => Promise<void>;
  /** Milliseconds since 1970. */
  now: () => number;
  asCopy?: boolean;
}

export interface Taken {
  id: string;
  title: string;
  /** The document was here: it has now what the file says too. */
  merged: boolean;
}

/**
 * Takes in a document that a file carries (SPEC J19): under its own id when it is not here, else merged into the one that is;
 * as a copy only when asked. @throws RefusedFile broken, not-allowed
 */
export async function takeStandalone(file: Standalone, options: TakeOptions): Promise<Taken> {
  const { documents, asCopy = false } = options;
  const content = openState(file);
  try {
    const id = asCopy ? documents.newId() : file.id;
    const entry = documents.entry(id);
    if (entry !== undefined && (entry.type !== file.type || !mayWrite(entry)))
      throw new RefusedFile('not-allowed', entry.title);
    await keepPictures(file, options.saveBlob);
    const open = await documents.open(id, { listed: false });
    try {
      Y.applyUpdate(open.doc, file.state);
      await open.whenSaved();
      const title = nameOf(open.doc, file);
      if (!asCopy) await options.saveRows?.(id, file.rows);
      enter(
        { id, title, ...(file.type === 'text' ? describeOwn(open.doc) : { excerpt: '' }) },
        entry,
        file,
        options,
      );
      await documents.index.whenSaved();
      return { id, title, merged: entry !== undefined };
    } finally {
      await open.close();
    }
  } finally {
    content.destroy();
  }
}

/** The state by itself, before it comes near a document: it must be whole, and what it says it is. */
function openState({ state, type }: Standalone): Y.Doc {
  const doc = new Y.Doc();
  try {
    Y.applyUpdate(doc, state);
  } catch (error) {
    throw new RefusedFile('broken', error instanceof Error ? error.message : String(error));
  }
  const isWhole = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  if (!isWhole || (doc.getMap('meta').get('type') ?? 'text') !== type) throw new RefusedFile('broken');
  return doc;
}

function nameOf(doc: Y.Doc, { type, title }: Standalone): string {
  const own = type === 'text' ? describeText(doc).title : '';
  return own === '' ? cleanTitle(title) : own;
}

function describeOwn(doc: Y.Doc): { excerpt: string; links?: string } {
  const links = formatLinks(readLinks(doc));
  return { excerpt: describeText(doc).excerpt, ...(links !== undefined && { links }) };
}

function enter(
  described: { id: string; title: string; excerpt: string; links?: string },
  entry: IndexEntry | undefined,
  file: Standalone,
  { documents, now }: TakeOptions,
): void {
  const { id, ...shown } = described;
  if (entry !== undefined) {
    if (entry.trashed !== undefined) documents.restore(id);
    return;
  }
  const index = documents.index.doc;
  const tags = file.tags.map(cleanTag).filter((tag) => tag !== '');
  index.transact(() =>
    addEntry(index, id, {
      ...{ ...shown, type: file.type, parent: '', moved: nextMove(index, now()) },
      ...{ created: file.created, edited: file.edited },
      ...Object.fromEntries(tags.map((tag) => [TAG + tag, now()])),
    }),
  );
}

/** Only bytes that are what the document calls them. */
async function keepPictures({ pictures }: Standalone, saveBlob: TakeOptions['saveBlob']): Promise<void> {
  for (const [id, address] of pictures) {
    const blob = parseDataUrl(address);
    if (blob && (await blobId(new Uint8Array(await blob.arrayBuffer()))) === id) await saveBlob(blob);
  }
}
