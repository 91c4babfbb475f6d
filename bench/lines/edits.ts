import * as Y from 'yjs';

/** Types so many characters at the end of the text `text`, one after another. @returns the update of each */
export function typeEdits(doc: Y.Doc, count: number): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const listen = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', listen);
  const text = doc.getText('text');
  for (let i = 0; i < count; i++) text.insert(text.length, 'x');
  doc.off('update', listen);
  return updates;
}

/** How far an update reaches in what a client wrote; 0 when it has nothing of that. */
export function lastClock(update: Uint8Array, client: number): number {
  return Y.parseUpdateMeta(update).to.get(client) ?? 0;
}
