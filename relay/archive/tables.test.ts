import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../store/database.ts';
import { listColumns, listTables } from '../store/table-rows.ts';
import { leftTables, movedTables, sharedTables } from './tables.ts';

test('W7: every table of the database goes along or is left, and what goes along says whose it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'islet-tables-'));
  const store = await openStore(folder, Date.now);
  const tables = await listTables(store.db);
  const columns = async (table: string) => (await listColumns(store.db, table)).map(({ name }) => name);
  const own = tables.filter((table) => !sharedTables.includes(table));
  const unowned = [];
  for (const table of own) if (!(await columns(table)).includes('id_tag')) unowned.push(table);
  await store.close();
  await rm(folder, { recursive: true });
  expect(tables).toEqual([...movedTables, ...leftTables].sort());
  expect(unowned).toEqual([]);
});
