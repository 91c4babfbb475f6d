import * as Y from 'yjs';
import { bytesOf, type Handed, quarantinedSchema } from '../../../shared/api/quarantine.ts';
import { base64urlToBytes, type Bytes, type Random, sha256, textToBytes } from '../../../shared/bytes.ts';
import { routes } from '../../../shared/routes.ts';
import { createDocumentId } from '../documents/document-id.ts';
import type { Documents } from '../documents/documents.ts';
import { describeText } from '../documents/describe.ts';
import { updateEntry } from '../documents/index-entries.ts';
import { modelOf } from '../documents/models.ts';
import { openTree } from '../documents/tree.ts';
import { readVariants } from '../files/variants.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { type ChangeParts, setMarks, showChanges, type ShownChange, takeChanges } from './take-changes.ts';
import { findPlace, keepLoose, takeFile } from './take-file.ts';

/** What a person sees of an item; words are cut after 2,000 characters. */
export type Seen =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'picture'; readonly bytes: Blob }
  | { readonly kind: 'changes'; readonly changes: readonly ShownChange[] }
  | { readonly kind: 'file' };

/** What became of an item. `left`: edits that cannot be made any more. */
export interface Taken {
  /** The document or file, when it is one. */
  readonly entry?: string;
  readonly left: number;
}

/** What lost devices handed over, looked at from another device (SPEC X12). */
export interface Quarantine {
  look(id: string): Promise<Seen>;
  /**
   * Makes a document, a file or edits of it, and takes it out of quarantine once that is saved.
   * @param chosen keys of edits; all when absent
   */
  take(id: string, chosen?: ReadonlySet<string>): Promise<Taken>;
  discard(id: string): Promise<void>;
}

interface QuarantineOptions {
  api: RelayApi;
  documents: Documents;
  /** What a document is called that has no title. */
  untitled: (device: string) => string;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

export function createQuarantine({ api, documents, untitled, now, random }: QuarantineOptions): Quarantine {
  const index = documents.index.doc;
  const parts: ChangeParts = { index, tree: openTree({ index, live: documents.tree, now, random }) };
  const path = (id: string): string => routes.quarantine + segment(id);
  const read = (id: string) => api.get(path(id), quarantinedSchema);

  async function enterDocument(
    id: string,
    item: Handed<'document' | 'draft'>,
    device: string,
  ): Promise<string> {
    const isDocument = item.kind === 'document';
    const open = await documents.open(id, { listed: false });
    try {
      Y.applyUpdate(open.doc, isDocument ? base64urlToBytes(item.update) : wordsToUpdate(item.text));
      await open.whenSaved();
      const type = isDocument ? item.type : 'text';
      const { title = '', excerpt = '' } = modelOf(type)?.describe(open.doc) ?? describeText(open.doc);
      const known = isDocument ? item.title.trim() : title;
      const parent = isDocument ? findPlace(item, parts.tree) : '';
      documents.enter([{ id, title: known || untitled(device), excerpt, parent }]);
      if (type !== 'text') updateEntry(index, id, { type });
    } finally {
      await open.close();
    }
    if (isDocument) {
      setMarks(parts.tree, id, item.fields);
      await keepLoose(bytesOf(item), api);
    }
    return id;
  }

  async function enter(id: string, chosen?: ReadonlySet<string>): Promise<Taken> {
    const { item, device } = await read(id);
    switch (item.kind) {
      case 'changes':
        return { left: takeChanges(item, parts, chosen) };
      case 'picture':
        await keepLoose(item.blobs, api);
        return { left: 0 };
      case 'file':
        return { entry: await takeFile(item, { ...parts, api, id: await takenId(id) }), left: 0 };
      default:
        return { entry: await enterDocument(await takenId(id), item, device), left: 0 };
    }
  }

  return {
    look: async (id) => {
      const { item } = await read(id);
      if (item.kind === 'changes') return { kind: 'changes', changes: showChanges(item, parts) };
      if (item.kind === 'file' || item.kind === 'picture') {
        const bytes = await readPicture(item, api);
        return bytes ? { kind: 'picture', bytes } : { kind: 'file' };
      }
      return { kind: 'words', words: wordsOf(item) };
    },
    take: async (id, chosen) => {
      const taken = await enter(id, chosen);
      await documents.index.whenSaved();
      await api.remove(path(id));
      return taken;
    },
    discard: async (id) => {
      await api.remove(path(id));
    },
  };
}

/** SPEC X12: the same item is the same document, whoever takes it and however often. */
async function takenId(id: string): Promise<string> {
  let seed = textToBytes(`islet-taken-1 ${id}`);
  const stretch: Bytes[] = [];
  for (let i = 0; i < 4; i++) stretch.push((seed = await sha256(seed)));
  return createDocumentId(() => {
    const next = stretch.shift();
    if (!next) throw new Error('no identifier follows from this item');
    return next;
  });
}

const shown = 2000;

function wordsOf(item: Handed<'document' | 'draft'>): string {
  if (item.kind === 'draft') return item.text.slice(0, shown);
  const doc = new Y.Doc();
  try {
    Y.applyUpdate(doc, base64urlToBytes(item.update));
    return (modelOf(item.type)?.searchText(doc) ?? '').trim().slice(0, shown);
  } finally {
    doc.destroy();
  }
}

/** A larger picture is not fetched to be looked at, in bytes. */
const largest = 16 * 1024 * 1024;
const renditions = ['vis.sd', 'vis.md', 'vis.tn', 'vis.hd', 'vis.orig'];

/** What shows it, as far as it is a picture and has come. What is sealed shows nothing before it is taken in. */
async function readPicture(item: Handed<'file' | 'picture'>, api: RelayApi): Promise<Blob | undefined> {
  const { blob, size, type } =
    item.kind === 'picture' ? { ...item.blobs[0]!, type: item.mime } : (findShown(item) ?? {});
  if (blob === undefined || size === undefined || size > largest || !type?.startsWith('image/'))
    return undefined;
  const bytes = await api.download(routes.variant + segment(blob));
  return bytes && new Blob([bytes], { type });
}

function findShown({ descriptor, sealed, mime }: Handed<'file'>) {
  const variants = sealed === undefined ? readVariants({ descriptor }) : [];
  const found = renditions.flatMap((name) => variants.find((variant) => variant.name === name) ?? [])[0];
  if (!found) return undefined;
  const type = found.name === 'vis.orig' ? mime : `image/${found.format}`;
  return { blob: found.blob, size: found.size, type };
}

/** A text document with one paragraph for each line; the same bytes for the same words. */
function wordsToUpdate(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const paragraphs = text.split('\n').map((line) => {
    const paragraph = new Y.XmlElement('paragraph');
    if (line !== '') paragraph.insert(0, [new Y.XmlText(line)]);
    return paragraph;
  });
  doc.getXmlFragment('content').insert(0, paragraphs);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
