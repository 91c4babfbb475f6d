import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore, StorageError } from './database.ts';
import { migrations } from './migrations/list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = () => 1_795_262_400_000;

describe('the database', () => {
  test('is in WAL with synchronous FULL and foreign keys, in a folder nobody else reads', async () => {
    const store = await openStore(join(folder, 'private'), now);
    const pragma = async (name: string) =>
      Object.values(
        (await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(store.db)).rows[0] ?? {},
      )[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect((await stat(join(folder, 'private'))).mode & 0o777).toBe(0o700);
    await store.probe();
    await store.close();
  });

  test('existing data is copied before a migration changes it; a new one is not', async () => {
    const store = await openStore(folder, now);
    await store.probe();
    await store.close();
    expect(await readdir(folder)).toEqual(['islet.db']);
    const drop = {
      up: (db: typeof store.db) =>
        db
          .deleteFrom('probes')
          .execute()
          .then(() => undefined),
    };
    const later = await openStore(folder, now, { ...migrations, '9998-drop': drop });
    expect(await later.db.selectFrom('probes').selectAll().execute()).toEqual([]);
    await later.close();
    const copy = new Sqlite(join(folder, `islet.db.before-${now()}`));
    expect(copy.prepare('select count(*) as n from probes').get()).toEqual({ n: 1 });
    copy.close();
  });

  test('a transaction that SQLite itself has ended, as when the disk fails: what went wrong is told', async () => {
    const store = await openStore(folder, now);
    const trigger = sql.raw(
      `create trigger full before insert on probes begin select raise(rollback, 'no room'); end`,
    );
    await trigger.execute(store.db);
    const writing = store.db
      .transaction()
      .execute((trx) => trx.insertInto('probes').values({ id: 1, value: 'one' }).execute());
    await expect(writing).rejects.toThrow('no room');
    await sql`drop trigger full`.execute(store.db);
    await store.probe();
    await store.close();
  });

  test('a migration that fails leaves the data as they were, and says so', async () => {
    const store = await openStore(folder, now);
    await store.probe();
    await store.close();
    const fail = {
      up: async (db: typeof store.db) => {
        await db.deleteFrom('probes').execute();
        throw new Error('no way on');
      },
    };
    await expect(openStore(folder, now, { ...migrations, '9999-fail': fail })).rejects.toThrow(/no way on/);
    const again = await openStore(folder, now);
    expect(await again.db.selectFrom('probes').select('id').execute()).toEqual([{ id: 1 }]);
    await again.close();
  });

  test('a file that is no database, a folder that cannot be: one line', async () => {
    await writeFile(
      join(folder, 'islet.db'),
      'garbage that is long enough to be looked at as a header of a database',
    );
    await expect(openStore(folder, now)).rejects.toThrow(
      /^storage in .* cannot be used: file is not a database$/,
    );
    await expect(openStore(join(folder, 'islet.db', 'x'), now)).rejects.toThrow(StorageError);
  });

  test('two relays do not share one', async () => {
    const store = await openStore(folder, now);
    await expect(openStore(folder, now)).rejects.toThrow(/database is locked/);
    await store.close();
  });
});
