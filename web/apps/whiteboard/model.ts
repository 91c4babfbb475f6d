import { type DocumentModel, cutText } from '../../client/documents/document-model.ts';
import { documentTypes } from '../../client/documents/types.ts';
import type * as Y from 'yjs';
import { readObjects, readingOrder } from './model/objects.ts';
import { objectsToSvg } from './model/svg.ts';

const wordsIn = (doc: Y.Doc): string[] =>
  readingOrder(readObjects(doc))
    .map(({ text }) => text.trim())
    .filter((text) => text !== '');

/** More objects are not drawn in a preview. */
const previewed = 300;

/** Whiteboards: shapes, notes, words, pictures and strokes of a pen on a plane without end. */
export const whiteboard: DocumentModel = {
  mime: documentTypes.whiteboard,
  schema: 1,
  describe: (doc) => ({ excerpt: cutText(wordsIn(doc).join(' · ').replace(/\s+/g, ' '), 160) }),
  searchText: (doc) => wordsIn(doc).join('\n'),
  write: (doc) => ({
    ending: '.svg',
    mime: 'image/svg+xml',
    text: objectsToSvg(readObjects(doc), new Map()).svg,
  }),
  preview(doc) {
    const objects = readObjects(doc).slice(0, previewed);
    return objects.length === 0 ? '' : objectsToSvg(objects, new Map()).svg;
  },
};
