import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { counted } from '../../shared/test/counted.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { patience, sized } from '../test/sizes.ts';
import { openStore, type Store } from './database.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-copies-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes without end, two rows in each transaction. */
function createWriter({ db }: Store) {
  let begun = 0;
  let done = 0;
  let goesOn = true;
  const write = async (): Promise<void> => {
    const first = begun * 2 + 1;
    begun += 1;
    await db.transaction().execute(async (trx) => {
      for (const id of [first, first + 1])
        await trx
          .insertInto('probes')
          .values({ id, value: 'x'.repeat(2000) })
          .execute();
    });
    done += 1;
  };
  const writing = async (): Promise<void> => {
    while (goesOn) {
      await write();
      // A copy takes its steps between these.
      await turn();
    }
  };
  return {
    write,
    begun: () => begun,
    done: () => done,
    start: writing,
    stop: () => void (goesOn = false),
  };
}

/** What a copy holds, as another machine would find it. */
function readRows(file: string): number[] {
  const sqlite = new Sqlite(file, { readonly: true });
  try {
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
    return sqlite.prepare<[], number>('select id from probes order by id').pluck().all();
  } finally {
    sqlite.close();
  }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

test(
  `copies that are made while others write are whole and of one moment, and open as a database (ISLET_SEED=${seed})`,
  { timeout: patience },
  async () => {
    const dice = createDice();
    const store = await openStore(folder, Date.now);
    const writer = createWriter(store);
    // More pages than one step of a copy takes.
    for (let i = 0; i < 200; i++) await writer.write();
    const writing = writer.start();
    const copies = sized(8, 500);
    let during = 0;
    for (let i = 0; i < copies; i++) {
      const place = join(folder, `copy-${i}`);
      await mkdir(place);
      const before = writer.done();
      await store.copy(join(place, 'copied.db'));
      const after = writer.begun();
      during += writer.done() - before;
      const rows = readRows(join(place, 'copied.db'));
      expect(rows.length % 2, 'no half of a transaction').toBe(0);
      expect(rows).toEqual(upTo(rows.length));
      expect(rows.length / 2).toBeGreaterThanOrEqual(before);
      expect(rows.length / 2).toBeLessThanOrEqual(after);
      await rename(join(place, 'copied.db'), join(place, 'islet.db'));
      const again = await openStore(place, Date.now);
      await again.db.insertInto('probes').values({ id: 0, value: 'here' }).execute();
      expect((await again.db.selectFrom('probes').select('id').execute()).length).toBe(rows.length + 1);
      await again.close();
      await rm(place, { recursive: true });
      for (let n = Math.floor(dice() * 5); n > 0; n--) await turn();
    }
    writer.stop();
    await writing;
    expect(during, 'others wrote meanwhile').toBeGreaterThan(copies);
    expect((await store.db.selectFrom('probes').select('id').execute()).length).toBe(writer.done() * 2);
    await store.close();
    counted('copies of a database under load, restored', copies);
  },
);
