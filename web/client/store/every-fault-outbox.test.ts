import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDevice, type TestDevice } from '../actions/relay-fixture.ts';
import { type Database, openDatabase } from './database.ts';
import { failEach, faultKinds } from './fault-fixture.ts';

let device: TestDevice;
/** The same database over a connection of its own. */
let again: Database;
let count = 0;

beforeEach(async () => {
  const name = `outbox-faults-${count++}`;
  device = await createTestDevice(name);
  again = await openDatabase(name);
});
afterEach(() => {
  device.db.close();
  again.close();
});

const find = (text: string) => again.actions.filter((row) => row.text === text).toArray();
const isWaiting = async (id: string) => (await again.outbox.where('id').equals(id).count()) === 1;

test.each(faultKinds)(
  '%s: what is said is here and waits to be sent, or it was refused whole',
  async (kind) => {
    const failed = await failEach(kind, async ({ number, fails }) => {
      const text = `words ${number}`;
      const told = await fails(() => device.actions.post({ text }));
      const rows = await find(text);
      expect(rows).toHaveLength(told ? 0 : 1);
      for (const { id, state } of rows) {
        expect(state).toBe('waiting');
        expect(await isWaiting(id)).toBe(true);
      }
      expect(await again.outbox.count()).toBe(await again.actions.where('type').equals('POST').count());
    });
    expect(failed).toBeGreaterThan(0);
  },
);

test.each(faultKinds)('%s: what went out is known to have, and what did not goes once more', async (kind) => {
  const failed = await failEach(kind, async ({ number, fails }) => {
    const text = `words ${number}`;
    const id = await device.actions.post({ text });
    const answer = await device.actions.comment(id, `on ${text}`);
    const told = await fails(device.flush);
    const settled = async (): Promise<boolean> =>
      (await again.actions.bulkGet([id, answer])).every((row) => row?.state === 'accepted') &&
      !(await isWaiting(id)) &&
      !(await isWaiting(answer));
    expect(told || (await settled())).toBe(true);
    await device.flush();
    expect(await settled()).toBe(true);
    const [row, below] = await again.actions.bulkGet([id, answer]);
    expect(below?.p).toBe(row?.actionId);
    expect(device.sent.map(({ c }) => c)).toEqual(expect.arrayContaining([text, `on ${text}`]));
  });
  expect(failed).toBeGreaterThan(0);
});
