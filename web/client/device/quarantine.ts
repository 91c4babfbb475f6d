import * as Y from 'yjs';
import {
  quarantinedSchema,
  type QuarantineItem,
  quarantineListSchema,
  type Waiting,
} from '../../../shared/api/quarantine.ts';
import { base64urlToBytes, type Bytes, sha256, textToBytes } from '../../../shared/bytes.ts';
import { routes } from '../../../shared/routes.ts';
import { createDocumentId } from '../documents/document-id.ts';
import type { Documents } from '../documents/documents.ts';
import { describeText } from '../documents/describe.ts';
import { updateEntry } from '../documents/index-entries.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';

/** What lost devices handed over, looked at from another device (SPEC X12). */
export interface Quarantine {
  list(): Promise<Waiting[]>;
  /** Its words, as far as they are words. */
  look(id: string): Promise<string>;
  /** Makes a document of it, and takes it out of quarantine once that is saved. @returns the document */
  take(id: string): Promise<string>;
  discard(id: string): Promise<void>;
}

interface QuarantineOptions {
  api: RelayApi;
  documents: Documents;
  /** What a document is called that has no title. */
  untitled: (device: string) => string;
}

export function createQuarantine({ api, documents, untitled }: QuarantineOptions): Quarantine {
  const path = (id: string): string => routes.quarantine + segment(id);
  const read = (id: string) => api.get(path(id), quarantinedSchema);

  async function enter(id: string, item: QuarantineItem, device: string): Promise<string> {
    const doc = await takenId(id);
    const open = await documents.open(doc, { listed: false });
    try {
      Y.applyUpdate(
        open.doc,
        item.kind === 'document' ? base64urlToBytes(item.update) : wordsToUpdate(item.text),
      );
      await open.whenSaved();
      const { title, excerpt } = describeText(open.doc);
      const known = item.kind === 'document' ? item.title.trim() : title;
      documents.enter([{ id: doc, title: known || untitled(device), excerpt }]);
      if (item.kind === 'document' && item.type !== 'text')
        updateEntry(documents.index.doc, doc, { type: item.type });
      await documents.index.whenSaved();
    } finally {
      await open.close();
    }
    return doc;
  }

  return {
    list: async () => (await api.get(routes.quarantine, quarantineListSchema)).items,
    look: async (id) => wordsOf((await read(id)).item),
    take: async (id) => {
      const { item, device } = await read(id);
      const doc = await enter(id, item, device);
      await api.remove(path(id));
      return doc;
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

function wordsOf(item: QuarantineItem): string {
  if (item.kind === 'draft') return item.text;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, base64urlToBytes(item.update));
  const { title, excerpt } = describeText(doc);
  const words = item.type === 'quill' ? doc.getText('doc').toString() : [title, excerpt].join('\n');
  doc.destroy();
  return words.trim().slice(0, shown);
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
