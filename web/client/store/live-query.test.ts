import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { plantFaults } from './fault-fixture.ts';
import { followQuery } from './live-query.ts';

let db: Database;
let count = 0;
const alarm = (id: string) => ({ id, kind: 'device', at: 1, seen: 0 }) as const;

beforeEach(async () => {
  db = await openDatabase(`live-query-${count++}`);
});
afterEach(() => db.close());

function follow() {
  const heard: unknown[] = [];
  const followed = followQuery(() => db.alarms.toCollection().primaryKeys(), 40).subscribe({
    next: (ids) => heard.push(ids),
    error: (error) => heard.push(error instanceof Error || error instanceof DOMException),
  });
  const hears = (...all: unknown[]) => expect.poll(() => heard).toEqual(all);
  return { ...followed, hears };
}

test('a query that cannot even begin says so once, and is there when storage is well, with no change in between', async () => {
  await db.alarms.put(alarm('one'));
  const faults = plantFaults(1, 'broken');
  const { hears, unsubscribe } = follow();
  try {
    await hears(true);
    await expect.poll(() => faults.planted()).toBeGreaterThan(2);
  } finally {
    faults.stop();
  }
  await hears(true, ['one']);
  unsubscribe();
});

test('a query that fails after it worked is told, then followed further', async () => {
  const { hears, unsubscribe } = follow();
  await hears([]);
  const faults = plantFaults(2, 'broken'); // the write itself passes
  try {
    await db.alarms.put(alarm('one')).catch(() => undefined);
    await db.alarms.put(alarm('two')).catch(() => undefined);
    await hears([], true);
  } finally {
    faults.stop();
  }
  await vi.waitFor(() => db.alarms.put(alarm('three')));
  await hears([], true, await db.alarms.toCollection().primaryKeys());
  unsubscribe();
});
