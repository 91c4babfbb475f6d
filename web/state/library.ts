import { type Accessor, createMemo, createRoot } from 'solid-js';
import { countTags } from '../client/documents/tags.ts';
import type { DocumentRow } from '../client/store/database.ts';
import { isReader } from '../client/rooms/may-write.ts';
import { database, newDocument } from './documents.ts';
import { fileItem, fileItems, moveItems, type Undo } from './files.ts';
import { openFiles } from './files-client.ts';
import { catchingWords } from './first-words.ts';
import { assertWriter } from './limits.ts';
import { createLive } from './live.ts';
import { openText, openTextImport } from './text-app.ts';

let starred: Accessor<DocumentRow[]> | undefined;

/** Favourites that are not in the trash, the first one first. */
export function favourites(): DocumentRow[] {
  starred ??= createRoot(() =>
    createLive(
      database(),
      async (db) => {
        const rows = await db.documents.where('favourite').above(0).sortBy('favourite');
        return rows.filter(({ trashed }) => trashed === 0);
      },
      [],
    ),
  );
  return starred();
}

/** All tags that are in use, with how many entries have each, the most used first. */
export const allTags: Accessor<{ tag: string; count: number }[]> = createRoot(() => {
  const tags = createMemo(() => countTags(fileItems()));
  return tags;
}, null);

/** Makes entries favourites, or takes that back. Rejects in words where this device may not write. */
export async function setFavourite(ids: readonly string[], on: boolean): Promise<Undo> {
  assertWriter();
  return toUndo((await openFiles()).tree.setFavourite(ids, on));
}

export async function setTemplate(ids: readonly string[], on: boolean): Promise<Undo> {
  assertWriter();
  return toUndo((await openFiles()).tree.setTemplate(ids, on));
}

/** @throws IsletError E-VAL-INVALID when nothing is left of the tag, or all entries are sealed */
export async function setTag(ids: readonly string[], tag: string, on: boolean): Promise<Undo> {
  assertWriter();
  return toUndo((await openFiles()).tree.setTag(ids, tag, on));
}

/** Whether an entry is a text document of our own, which is called by its words. */
export function isOwnText({ type, owner }: Pick<DocumentRow, 'type' | 'owner'>): boolean {
  return type === 'text' && owner === undefined;
}

/** Calls a text document by another title, in its heading. Rejects in words. */
export async function renameDocument(id: string, title: string): Promise<Undo> {
  assertWriter();
  const [{ documents }, { retitleDocument }] = await Promise.all([
    openText(),
    import('../client/documents/retitle.ts'),
  ]);
  const undo = await retitleDocument(documents, id, title);
  return () => undo().then(() => undefined);
}

/**
 * Copies documents, files and whole folders beside themselves, without comments; `titleOf` names a copy. `left` are entries of folders
 * that could not be copied. Rejects in words.
 */
export async function duplicateDocuments(
  ids: readonly string[],
  titleOf: (id: string) => string,
): Promise<{ ids: string[]; left: string[]; undo: Undo }> {
  assertWriter();
  const made: Awaited<ReturnType<typeof copy>>[] = [];
  for (const id of ids) made.push(await copy(id, { title: titleOf(id) }));
  return {
    ids: made.map(({ id }) => id),
    left: made.flatMap(({ left }) => left),
    undo: async () => void made.map(({ undo }) => undo()),
  };
}

async function copy(id: string, how: { title?: string; fields?: { parent: string } }) {
  const [{ documents }, { tree }, { duplicateEntry }, db] = await Promise.all([
    openText(),
    openFiles(),
    import('../client/documents/duplicate.ts'),
    database(),
  ]);
  const copyUpload = async (original: string, made: string): Promise<void> => {
    const upload = await db.uploads.get(original);
    if (upload) await db.uploads.put({ ...upload, id: made, state: 'waiting', sent: 0, begun: 0 });
  };
  return duplicateEntry(id, { documents, tree, copyUpload, ...how });
}

/** The path of a new, empty document in a folder; at the top it is entered at its first words. */
export async function newDocumentIn(parent: string): Promise<string> {
  if (isReader() || fileItem(parent)?.type !== 'folder' || fileItem(parent)?.vault) return newDocument();
  return catchingWords(async () => {
    const { documents } = await openText();
    const id = documents.newId();
    documents.enter([{ id, title: '', excerpt: '', parent }]);
    return `/d/${id}`;
  });
}

/** What a new document begins with: one of the own templates, or Markdown. */
export type TemplateSource = { id: string } | { markdown: string };

/** A new document from a template, in a folder; resolves with its path when it is saved on this device. Rejects in words. */
export function newFromTemplate(source: TemplateSource, parent: string): Promise<string> {
  return catchingWords(async () => {
    assertWriter();
    return fromTemplate(source, parent);
  });
}

async function fromTemplate(source: TemplateSource, parent: string): Promise<string> {
  if ('id' in source) return `/d/${(await copy(source.id, { fields: { parent } })).id}`;
  const importer = await openTextImport();
  const file = { path: 'template.md', file: new Blob([source.markdown], { type: 'text/markdown' }) };
  const report = await importer.importFiles([file], {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const id = report.imported[0]?.id;
  if (id === undefined) throw new Error(report.refused[0]?.reason ?? '');
  if (parent !== '') await moveItems([id], parent);
  return `/d/${id}`;
}

function toUndo(undo: () => unknown): Undo {
  return () => Promise.resolve(void undo());
}
