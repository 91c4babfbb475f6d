import { board } from '../../apps/board/model.ts';
import { writeRichText } from '../../apps/quill/model/markdown.ts';
import { whiteboard } from '../../apps/whiteboard/model.ts';
import type { DocumentModel } from './document-model.ts';
import { quill, text } from './text-model.ts';
import type { DocumentTypeId } from './types.ts';

/** What each type of document is without a screen. Fetch it when it is needed; a worker may import it. */
export const documentModels: Readonly<Record<DocumentTypeId, DocumentModel>> = {
  text,
  // Apart from what lists need of it, which is fetched long before.
  quill: { ...quill, write: writeRichText },
  board,
  whiteboard,
};

/** The model of an entry's type; undefined for one that this version does not know. */
export function modelOf(type: string): DocumentModel | undefined {
  return Object.entries(documentModels).find(([id]) => id === type)?.[1];
}
