import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from './database.ts';
import {
  insertDeliveries,
  listNextDeliveries,
  readStandings,
  renewDeliveries,
  updateDelivery,
} from './deliveries.ts';
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

const standingsOf = (statementIds: readonly string[]) =>
  readStandings(store.db, id_tag, { statementIds, most: 50 });

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
  const { total } = await store.db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  expect(total).toBe(12_000);
  const standing = (await standingsOf(['post'])).get('post');
  expect(standing?.counts).toEqual({ waiting: 12_000, delivered: 0, refused: 0, quarantined: 0 });
  expect(standing?.shown.map(({ neighbour }) => neighbour)).toEqual(
    rows.slice(0, 50).map(({ neighbour }) => neighbour),
  );
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
  expect([...(await standingsOf(ids)).keys()]).toEqual([ids[39_999]]);
});

test('of many deliveries those are shown that went wrong, then those that wait; all are counted', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({
    ...{ id_tag, statement_id: i < 240 ? 'post' : `to-one-${i}` },
    ...{ neighbour: `n${i}.test`, next_at: now },
  }));
  await insertDeliveries(store.db, rows);
  const tried = { tries: 1, next_at: 0, reason: null };
  for (let id = 1; id <= 200; id++) await updateDelivery(store.db, id, { state: 'delivered', ...tried });
  await updateDelivery(store.db, 210, { state: 'refused', ...tried, reason: 'no' });
  await updateDelivery(store.db, 220, { state: 'quarantined', ...tried, reason: 'away' });
  const standings = await standingsOf(['post', 'to-one-250', 'nothing']);
  const { counts, shown } = standings.get('post')!;
  expect(counts).toEqual({ waiting: 38, delivered: 200, refused: 1, quarantined: 1 });
  expect(shown.map(({ state }) => state)).toEqual([
    ...['refused', 'quarantined'],
    ...Array.from({ length: 38 }, () => 'waiting'),
    ...Array.from({ length: 10 }, () => 'delivered'),
  ]);
  expect(standings.get('to-one-250')?.shown.map(({ neighbour }) => neighbour)).toEqual(['n250.test']);
  expect(standings.has('nothing')).toBe(false);
  expect(await renewDeliveries(store.db, { id_tag, statement_id: 'post' }, now)).toHaveLength(40);
});

test('what is due is found by an index, in the order in which it is due', async () => {
  const rows = [30, 10, 20].map((next_at) => ({
    id_tag,
    statement_id: `s${next_at}`,
    neighbour: 'n',
    next_at,
  }));
  await insertDeliveries(store.db, rows);
  const [first, second] = await listNextDeliveries(store.db, 'n', 2);
  expect([first?.next_at, second?.next_at]).toEqual([10, 20]);
  const query = store.db.selectFrom('deliveries').selectAll().where('neighbour', '=', 'n');
  const due = query.where('state', '=', 'waiting').orderBy('next_at').orderBy('id').limit(2);
  const plan = await due.explain<{ detail: string }>(undefined, sql`query plan`);
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING INDEX deliveries_due')]);
});
