import * as Y from 'yjs';
import type { CursorRow, Database } from '../store/database.ts';
import type { LiveDocument } from './live-document.ts';
import { FROM_REMOTE } from './origins.ts';
import type { TabLink } from './tab-link.ts';

/** A row of a document as it comes from the relay. */
export interface RemoteRow {
  doc: string;
  update: Uint8Array;
}

/** The way of remote rows into documents. */
export interface RemoteRows {
  receive(rows: RemoteRow[], cursor?: CursorRow): Promise<void>;
  applyProvisional(doc: string, update: Uint8Array): void;
  /** Applies what an earlier life received and did not apply to documents that are open now. */
  drainAll(): Promise<void>;
}

export function createRemoteRows(options: {
  db: Database;
  link: TabLink;
  find: (id: string) => LiveDocument | undefined;
}): RemoteRows {
  const { db, link, find } = options;
  const drain = async (ids: Iterable<string>): Promise<void> => {
    for (const doc of ids) {
      // The tab that writes the document applies them; here or elsewhere.
      link.send({ kind: 'pending', doc });
      await find(doc)?.drain();
    }
  };
  return {
    async receive(rows, cursor) {
      await db.transaction('rw', db.pending, db.cursors, async () => {
        await db.pending.bulkAdd(rows.map(({ doc, update }) => ({ doc, update })));
        if (cursor !== undefined) await db.cursors.put(cursor);
      });
      await drain(new Set(rows.map((row) => row.doc)));
    },
    applyProvisional(doc, update) {
      const document = find(doc);
      if (document === undefined) {
        link.send({ kind: 'update', doc, count: 0, update, local: false });
        return;
      }
      try {
        Y.applyUpdate(document.doc, update, FROM_REMOTE);
      } catch {
        // Not committed and not readable: if it is ever committed it comes again, as a row that is kept.
        return;
      }
    },
    async drainAll() {
      const waiting = await db.pending.orderBy('doc').uniqueKeys();
      await drain(waiting.filter((id) => typeof id === 'string'));
    },
  };
}
