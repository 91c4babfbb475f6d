import { documentTypes } from './types.ts';

/** The type of a document that is shared under a content type; `other` for one that this version does not know. */
export function typeOfMime(mime: string): string {
  return Object.entries(documentTypes).find(([, name]) => name === mime)?.[0] ?? 'other';
}

/** The content type under which a document of this type is shared. */
export function mimeOfType(type: string): string | undefined {
  return Object.entries(documentTypes).find(([id]) => id === type)?.[1];
}
