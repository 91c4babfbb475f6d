import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepCompiled } from './compiled.ts';
import { openStore, type Store } from './database.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-compiled-'));
  store = await openStore(folder, () => 0);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

interface Probe {
  readonly id: number;
  readonly value: string;
}

describe('queries that are put together once', () => {
  it('take other values each time, by their names and not by their order', async () => {
    let built = 0;
    const insert = keepCompiled((db, row: Probe) => {
      built += 1;
      return db.insertInto('probes').values(row).returning('id');
    });
    await insert(store.db, { id: 3, value: 'three' });
    expect(await insert(store.db, { value: 'four', id: 4 })).toEqual([{ id: 4 }]);
    expect(built).toBe(1);
    const rows = await store.db.selectFrom('probes').selectAll().orderBy('id').execute();
    expect(rows.slice(-2)).toEqual([
      { id: 3, value: 'three' },
      { id: 4, value: 'four' },
    ]);
  });

  it('what is fixed in them stays, one value may stand twice, and a transaction is another place for them', async () => {
    const find = keepCompiled((db, { value }: { value: string }) =>
      db
        .selectFrom('probes')
        .select('id')
        .where('id', '!=', 9)
        .where((either) => either.or([either('value', '=', value), either('value', '>', value)])),
    );
    const insert = keepCompiled((db, row: Probe) => db.insertInto('probes').values(row));
    await store.db.transaction().execute(async (trx) => {
      for (const row of [
        { id: 8, value: 'h' },
        { id: 9, value: 'i' },
      ])
        await insert(trx, row);
      expect(await find(trx, { value: 'h' })).toEqual([{ id: 8 }]);
    });
    expect(await find(store.db, { value: 'i' })).toEqual([]);
  });
});
