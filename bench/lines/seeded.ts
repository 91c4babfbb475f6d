import * as Y from 'yjs';
import type { Edit } from '../trace.ts';

/** Writes a trace into the text `text`. @returns an update for every so many edits, in their order */
export function traceToUpdates(trace: readonly Edit[], editsOfUpdate: number): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('text');
  for (let first = 0; first < trace.length; first += editsOfUpdate)
    doc.transact(() => {
      for (const { at, removed, inserted } of trace.slice(first, first + editsOfUpdate))
        if (removed > 0) text.delete(at, removed);
        else text.insert(at, inserted);
    });
  return updates;
}
