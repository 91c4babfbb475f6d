import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import {
  type DialectAdapter,
  type Driver,
  Kysely,
  Migrator,
  SqliteDialect,
  type SqliteDialectConfig,
  type Transaction,
} from 'kysely';
import { migrations } from './migrations/list.ts';
import { keepPrepared } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
/** A database, or one transaction of it. */
export type Executor = Kysely<Tables> | Transaction<Tables>;

export interface Store {
  readonly db: Database;
  /** Writes a row and reads it back. @throws when the disk does not do as it was told */
  probe(): Promise<void>;
  /** The database as it is now, into a file that is not there yet; others go on meanwhile. */
  copy(file: string): Promise<void>;
  /** Bytes of the database. */
  size(): number;
  close(): Promise<void>;
}

/** The storage cannot be used: said in one line, then the relay ends. */
export class StorageError extends Error {
  constructor(folder: string, cause: unknown) {
    super(`storage in ${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'StorageError';
  }
}

/** Creates a folder of ours with what lies above it, and makes every new name durable in its parent. */
export async function createFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made !== dirname(first); made = dirname(made)) await syncFolder(dirname(made));
}

/** A file's name is durable only once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

class TransactionalDialect extends SqliteDialect {
  private readonly isOpen: () => boolean;

  /** @param isOpen whether a transaction is under way */
  constructor(config: SqliteDialectConfig, isOpen: () => boolean) {
    super(config);
    this.isOpen = isOpen;
  }

  /** When the disk fails, SQLite may have ended the transaction: what went wrong is told then, not that nothing is left to roll back. */
  override createDriver(): Driver {
    const driver = super.createDriver();
    const rollBack = driver.rollbackTransaction.bind(driver);
    driver.rollbackTransaction = async (connection) => {
      if (this.isOpen()) await rollBack(connection);
    };
    return driver;
  }

  /** SQLite rolls back DDL like anything else; told so, kysely runs migrations in one transaction. */
  override createAdapter(): DialectAdapter {
    return Object.defineProperty(super.createAdapter(), 'supportsTransactionalDdl', { value: true });
  }
}

/** Is told how long a commit took, in seconds. */
export type Committed = (seconds: number) => void;

/**
 * Opens `islet.db` in `folder`, bringing it up to date; a copy is kept before existing data is changed.
 * @throws StorageError
 */
export async function openStore(
  folder: string,
  now: () => number,
  list = migrations,
  committed: Committed = () => undefined,
): Promise<Store> {
  let sqlite: Sqlite.Database | undefined;
  try {
    await createFolder(folder);
    await chmod(folder, 0o700);
    const opened = openSqlite(join(folder, 'islet.db'));
    sqlite = opened;
    const db = new Kysely<Tables>({
      dialect: new TransactionalDialect({ database: keepPrepared(opened) }, () => opened.inTransaction),
      log: (event) => {
        if (event.level === 'query' && event.query.sql === 'commit')
          committed(event.queryDurationMillis / 1000);
      },
    });
    await migrate(db, sqlite, list, join(folder, `islet.db.before-${now()}`));
    await syncFolder(folder);
    return {
      ...{ db, probe: () => probe(db, now), close: () => db.destroy() },
      copy: async (file) => void (await opened.backup(file)),
      size: () => readPages(opened, 'page_count') * readPages(opened, 'page_size'),
    };
  } catch (error) {
    sqlite?.close();
    throw new StorageError(folder, error);
  }
}

/** WAL with FULL: a commit is on the disk when it returns. One process at a time: `seq` is counted here. */
function openSqlite(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: 2000 });
  sqlite.pragma('locking_mode = EXCLUSIVE');
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 2000');
  // KiB, as SQLite itself has it: better-sqlite3 makes it 16,000, which would stay in the process for good. What is not in it the system has.
  sqlite.pragma('cache_size = -2000');
  return sqlite;
}

function readPages(sqlite: Sqlite.Database, pragma: 'page_count' | 'page_size'): number {
  return Number(sqlite.pragma(pragma, { simple: true }));
}

async function migrate(
  db: Database,
  sqlite: Sqlite.Database,
  list: typeof migrations,
  copy: string,
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(list) } });
  const known = await migrator.getMigrations();
  const pending = known.some((migration) => !migration.executedAt);
  if (pending && known.some((migration) => migration.executedAt)) await sqlite.backup(copy);
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

async function probe(db: Database, now: () => number): Promise<void> {
  const value = String(now());
  await db
    .insertInto('probes')
    .values({ id: 1, value })
    .onConflict((conflict) => conflict.doUpdateSet({ value }))
    .execute();
  const row = await db.selectFrom('probes').select('value').where('id', '=', 1).executeTakeFirst();
  if (row?.value !== value) throw new Error('the store did not keep what was written');
}
