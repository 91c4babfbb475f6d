import { expect, test } from 'vitest';
import { minutesLate } from './late.ts';

const minute = 60_000;
const waits = { kind: 'sending' as const, rows: 1, oldest: 10 * minute };

test('the alarm comes after five minutes online, counted from what came last: the edit or the connection', () => {
  expect(minutesLate(waits, 14 * minute, 0)).toBeUndefined();
  expect(minutesLate(waits, 15 * minute, 0)).toBe(5);
  expect(minutesLate(waits, 19 * minute, 15 * minute)).toBeUndefined();
  expect(minutesLate(waits, 22 * minute, 15 * minute)).toBe(7);
});

test('offline is normal, and so is having nothing to send', () => {
  expect(minutesLate(waits, 60 * minute, undefined)).toBeUndefined();
  expect(minutesLate({ kind: 'synced', at: 1 }, 60 * minute, 0)).toBeUndefined();
  expect(minutesLate({ kind: 'offline', dirty: 0, since: 1, sent: true }, 60 * minute, 0)).toBeUndefined();
});
