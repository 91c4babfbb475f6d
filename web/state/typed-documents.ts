import { createDocument } from '../client/documents/create-document.ts';
import { t } from '../i18n/types/translate.ts';
import { fileItem } from './files.ts';
import { catchingWords } from './first-words.ts';
import { assertWriter } from './limits.ts';
import { openText } from './text-app.ts';

/** Types of documents that are made new here, besides text. */
export const newTypes = ['board', 'whiteboard'] as const;
export type NewType = (typeof newTypes)[number];

/**
 * Makes a document of another type than text, in a folder (empty: the top). Resolves with its path; rejects in words. What is typed
 * from now on is for it.
 */
export function newTyped(type: NewType, parent = ''): Promise<string> {
  return catchingWords(async () => {
    assertWriter();
    return create(type, parent);
  });
}

async function create(type: NewType, parent: string): Promise<string> {
  const [{ documents }, { documentModels }] = await Promise.all([
    openText(),
    import('../client/documents/models.ts'),
  ]);
  const words = type === 'board' ? t('board.columns').split('|') : [];
  const folder = fileItem(parent);
  // Nothing lies in a sealed folder that a relay could read.
  const isPlain = folder?.type === 'folder' && !folder.vault && !folder.sealed;
  const made = { type, model: documentModels[type], words, parent: isPlain ? parent : '' };
  return `/d/${await createDocument(documents, made, Date.now())}`;
}
