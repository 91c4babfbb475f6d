import * as Y from 'yjs';

/** Applies one row; false when it is not a Yjs update, which leaves the document as it was. */
export function applyRow(doc: Y.Doc, update: Uint8Array, origin: string): boolean {
  try {
    Y.applyUpdate(doc, update, origin);
    return true;
  } catch {
    // Damaged: it stays where it is, and the rows after it are not held up.
    return false;
  }
}
