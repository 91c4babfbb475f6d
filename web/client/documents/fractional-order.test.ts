import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../../../shared/test/seeded.ts';
import { byOrder, orderAt, orderBetween, ordersBetween, readOrder } from './fractional-order.ts';

const written = fc.string({ unit: fc.constantFrom(...'019AVZaz'), maxLength: 6 });

it('J15: there is a place between any two', async () => {
  await holds(
    fc.property(written, written, (one, two) => {
      const [a, b] = [readOrder(one), readOrder(two)].sort();
      if (a === undefined || b === undefined || a === b) return;
      const between = orderBetween(a, b);
      expect(a < between && between < b).toBe(true);
      expect(readOrder(between)).toBe(between);
      expect(orderBetween(b) > b).toBe(true);
    }),
    { runs: 1000 },
  );
});

it('J15: what is put into a row stands where it was put, and a long row has short places', async () => {
  await holds(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (spots) => {
      const row: string[] = [];
      const wanted: string[] = [];
      for (const spot of spots) {
        const index = spot % (row.length + 1);
        const order = orderAt(row, index);
        row.splice(index, 0, order);
        wanted.push(order);
      }
      expect([...row].sort()).toEqual(row);
      expect(new Set(wanted).size).toBe(spots.length);
    }),
    { runs: 100 },
  );
  let last = '';
  for (let added = 0; added < 1000; added += 1) last = orderAt([last], 1);
  expect(last.length).toBeLessThan(40);
});

it('J15: places that are none, or equal, leave a row that all see alike', () => {
  expect(readOrder(7)).toBe('');
  expect(readOrder('V!')).toBe('');
  expect(readOrder('V00')).toBe('V');
  expect(orderAt(['V', 'V', 'X'], 1)).toBe('W');
  expect(
    [
      { order: 'V', id: 'b' },
      { order: '', id: 'c' },
      { order: 'V', id: 'a' },
    ]
      .sort(byOrder)
      .map(({ id }) => id),
  ).toEqual([...'cab']);
});

it('J15: many that are put in at once stand in their order, with short places', async () => {
  await holds(
    fc.property(written, written, fc.nat(200), (one, two, count) => {
      const [a = '', b] = [readOrder(one), readOrder(two)].sort();
      const until = a === b ? undefined : b;
      const orders = ordersBetween(a, until, count);
      const row = [a, ...orders, ...(until === undefined ? [] : [until])];
      expect(row.toSorted()).toEqual(row);
      expect(new Set(row).size).toBe(row.length);
      expect(orders.map(readOrder)).toEqual(orders);
    }),
  );
  const longest = Math.max(...ordersBetween('', undefined, 100_000).map(({ length }) => length));
  expect(longest).toBeLessThan(20);
});
