import type { Random } from '../../../shared/bytes.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 24;

/** The document that lists all others of a space. */
export const INDEX_ID = 'index';

/** Makes a document id: 24 characters [0-9A-Za-z], 142 bits, so no one has to be asked. */
export function createDocumentId(random: Random): string {
  let id = '';
  while (id.length < LENGTH) {
    for (const byte of random(LENGTH)) {
      // 248 = 4 × 62: larger bytes are thrown away, or the first characters would come up more often.
      if (byte < 248 && id.length < LENGTH) id += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return id;
}

/** Whether a text is a document id, the reserved `index` included. */
export function isDocumentId(text: string): boolean {
  return text === INDEX_ID || /^[0-9A-Za-z]{24}$/.test(text);
}
