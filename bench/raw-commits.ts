import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Commits of one row each, in a database of their own: what nobody who waits for the disk can be faster than. */
export interface RawCommits {
  /** On the disk when it returns. */
  commit(row: string): void;
  close(): Promise<void>;
}

/** SQLite as the relay has it: what is committed is synced (WAL, FULL). */
export async function openRawCommits(): Promise<RawCommits> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-commit-'));
  const sqlite = new Sqlite(join(folder, 'commits.db'));
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.exec('create table rows (id integer primary key, token text not null)');
  const insert = sqlite.prepare('insert into rows (token) values (?)');
  return {
    commit: (row) => void insert.run(row),
    async close() {
      sqlite.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
