import type { Database, DocumentRow, ReleaseRow } from '../store/database.ts';
import { type LiveTree, sameOr } from './live-tree.ts';

/** Keeps the Dexie table `documents` equal to the index. */
export interface Projection {
  /** Resolves when what is in the index now is in the table; rejects when Dexie cannot store it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Follows a tree and writes the rows that changed in one bulk write per change, changes that arrive meanwhile together.
 * At the start it compares with what an earlier life, or an earlier version, wrote. `onFailure` hears of a write that
 * failed; it is tried again with the next change.
 */
export function followTree(db: Database, tree: LiveTree, onFailure: (error: unknown) => void): Projection {
  let written: ReadonlyMap<string, DocumentRow> | undefined;
  let running: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    // Yjs announces a change inside the edit; the write starts after it.
    await Promise.resolve();
    written ??= new Map((await db.documents.toArray()).map((row) => [row.id, row]));
    while (written !== tree.rows()) {
      const rows = tree.rows();
      await writeChanges(db, written, rows);
      written = rows;
    }
  };
  const start = (): Promise<void> => {
    running ??= write().finally(() => (running = undefined));
    return running;
  };
  const onChange = (): void => void start().catch(onFailure);
  const stop = tree.onChange(onChange);
  onChange();
  return {
    settled: async () => {
      if (running !== undefined || written !== tree.rows()) await start();
    },
    async close() {
      stop();
      await running?.catch(onFailure);
    },
  };
}

async function writeChanges(
  db: Database,
  written: ReadonlyMap<string, DocumentRow>,
  rows: ReadonlyMap<string, DocumentRow>,
): Promise<void> {
  const put = [...rows.values()].filter((row) => {
    const before = written.get(row.id);
    return before !== row && sameOr(before, row) !== before;
  });
  const gone = [...written.keys()].filter((id) => !rows.has(id));
  const releases = put.flatMap((row) => replacedContents(written.get(row.id), row));
  await db.transaction('rw', db.documents, db.releases, async () => {
    if (releases.length > 0) await db.releases.bulkPut(releases);
    if (put.length > 0) await db.documents.bulkPut(put);
    if (gone.length > 0) await db.documents.bulkDelete(gone);
  });
}

/** What an entry named before, when some device sealed it, opened it, or gave it other contents. */
function replacedContents(before: DocumentRow | undefined, row: DocumentRow): ReleaseRow[] {
  const { file, descriptor } = before ?? {};
  return file === undefined || file === row.file ? [] : [{ file, after: row.id, descriptor }];
}
