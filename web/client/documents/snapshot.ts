import * as Y from 'yjs';
import type { Database } from '../store/database.ts';
import { readStored, storeName } from './stored-updates.ts';
import { type NetStorage, readCaught } from './unsaved-net.ts';

export interface SnapshotSources {
  db: Database;
  net: NetStorage | undefined;
  /** The document as it is open in this tab. */
  live: Y.Doc | undefined;
}

/**
 * A copy of all that this device holds of a document: stored rows, rows from the relay that wait, and the last unsaved
 * moments. Writes nothing. Rejects when IndexedDB cannot be read.
 */
export async function loadSnapshot(sources: SnapshotSources, id: string): Promise<{ doc: Y.Doc }> {
  const doc = new Y.Doc({ guid: id });
  const updates = sources.live === undefined ? await readStored(storeName(id)) : [];
  if (sources.live !== undefined) updates.push(Y.encodeStateAsUpdate(sources.live));
  const rows = await sources.db.pending.where('doc').equals(id).toArray();
  updates.push(...rows.map((row) => row.update));
  if (sources.net !== undefined) updates.push(...readCaught(sources.net, id).map((entry) => entry.update));
  doc.transact(() => {
    for (const update of updates) applyIfReadable(doc, update);
  });
  return { doc };
}

function applyIfReadable(doc: Y.Doc, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update);
  } catch {
    // A damaged row says nothing; the others still do.
    return;
  }
}
