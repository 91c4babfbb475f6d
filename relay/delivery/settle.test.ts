import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../store/database.ts';
import { createSettle, type Settle } from './settle.ts';

let folder: string;
let store: Store;
let settle: Settle;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-settle-'));
  store = await openStore(folder, Date.now);
  told = [];
  settle = createSettle(store.db, (idTag) => told.push(idTag));
});
afterEach(async () => {
  settle.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const sent = (id_tag: string) => ({ id_tag, statement_id: 'post' });

test('what comes together is written together, in order; devices hear of it once, and of more later', async () => {
  const transactions = new Set<unknown>();
  const order: number[] = [];
  const write = (i: number) =>
    settle((trx) => {
      transactions.add(trx);
      order.push(i);
      return Promise.resolve([sent('alice.test')]);
    });
  await Promise.all(Array.from({ length: 50 }, (_, i) => write(i)));
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(transactions.size).toBe(1);
  expect(told).toEqual(['alice.test']);
  for (let i = 50; i < 60; i++) await write(i);
  expect(transactions.size).toBe(11);
  while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual(['alice.test', 'alice.test']);
});

test('a write that fails takes those of its transaction with it, and none after it', async () => {
  const failing = settle(() => Promise.reject(new Error('no disk')));
  const beside = settle(() => Promise.resolve([sent('alice.test')]));
  await expect(failing).rejects.toThrow('no disk');
  await expect(beside).rejects.toThrow('no disk');
  await settle(() => Promise.resolve([sent('bob.test')]));
  expect(told).toEqual(['bob.test']);
});

test('without a database every write fails, not only the first', async () => {
  const other = await openStore(join(folder, 'other'), Date.now);
  await other.close();
  const broken = createSettle(other.db, () => undefined);
  const writes = [1, 2].map(() => broken(() => Promise.resolve([])));
  for (const write of writes) await expect(write).rejects.toThrow();
  await expect(broken(() => Promise.resolve([]))).rejects.toThrow();
});
