import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from './database.ts';
import { insertDeliveries, listDeliveries } from './deliveries.ts';
import { listFiles } from './files.ts';

const now = 1_795_262_400_000;
const id_tag = 'alice.test';
let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-deliveries-'));
  store = await openStore(folder, () => now);
  const identity = { id_tag, name: 'Alice', log_id: 'log', created_at: now };
  await store.db.insertInto('identities').values(identity).execute();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test('a post to 12,000 followers is queued whole, in one transaction, and once', async () => {
  const rows = Array.from({ length: 12_000 }, (_, i) => ({
    id_tag,
    statement_id: 'post',
    neighbour: `n${i}.test`,
    next_at: now,
  }));
  const queue = () => store.db.transaction().execute((trx) => insertDeliveries(trx, rows));
  await queue();
  await queue();
  const queued = await listDeliveries(store.db, id_tag, ['post']);
  expect(queued.map(({ neighbour }) => neighbour)).toEqual(rows.map(({ neighbour }) => neighbour));
});

test('lists of 40,000 ids are looked up', async () => {
  const ids = Array.from({ length: 40_000 }, (_, i) => `f1~${i}`);
  const file = {
    id_tag,
    descriptor: 'd2,',
    content_type: 'image/webp',
    file_name: '',
    visibility: 'D' as const,
    created_at: now,
  };
  for (const id of [ids[0]!, ids[39_999]!])
    await store.db
      .insertInto('files')
      .values({ ...file, id })
      .execute();
  const found = await listFiles(store.db, id_tag, ids);
  expect(found.map(({ id }) => id)).toEqual([ids[0], ids[39_999]]);
  await insertDeliveries(store.db, [{ id_tag, statement_id: ids[39_999]!, neighbour: 'n', next_at: now }]);
  expect(await listDeliveries(store.db, id_tag, ids)).toHaveLength(1);
});
