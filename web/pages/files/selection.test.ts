import { expect, test } from 'vitest';
import {
  keepShown,
  nothingSelected,
  selectAll,
  selectOne,
  selectRange,
  stepTo,
  toggleOne,
} from './selection.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const chosen = (selection: { chosen: ReadonlySet<string> }) => [...selection.chosen].sort().join('');

test('a range runs from the last choice, both ways, and a second one replaces the first', () => {
  const first = selectRange(selectOne('c'), ids, 'e');
  expect(chosen(first)).toBe('cde');
  const second = selectRange(first, ids, 'a');
  expect(chosen(second)).toBe('abc');
  expect(second.active).toBe('a');
  expect(chosen(selectRange(toggleOne(selectOne('a'), 'c'), ids, 'd', true))).toBe('acd');
});

test('a range without a beginning begins where it ends', () => {
  expect(chosen(selectRange(nothingSelected, ids, 'c'))).toBe('c');
});

test('toggling takes one in and out and leaves the others', () => {
  const two = toggleOne(selectOne('a'), 'b');
  expect(chosen(two)).toBe('ab');
  expect(chosen(toggleOne(two, 'a'))).toBe('b');
  expect(chosen(selectAll(two, ids))).toBe('abcde');
});

test('what leaves the list leaves the selection; the keyboard goes to a neighbour', () => {
  const all = { ...selectAll(nothingSelected, ids), active: 'c' };
  const after = keepShown(all, ['a', 'b', 'd'], ids);
  expect(chosen(after)).toBe('abd');
  expect(after.active).toBe('d');
  expect(keepShown(selectOne('e'), ['a', 'b'], ids).active).toBe('b');
  expect(keepShown(selectOne('a'), ['a', 'b'], ids)).toEqual(selectOne('a'));
  expect(keepShown(selectOne('a'), [], ids).active).toBeUndefined();
});

test('arrows move in a list and in a grid with a short last row', () => {
  const list = { count: 5, columns: 1, page: 3 };
  expect(stepTo('ArrowDown', 0, list)).toBe(1);
  expect(stepTo('ArrowUp', 0, list)).toBe(0);
  expect(stepTo('ArrowRight', 0, list)).toBeUndefined();
  expect(stepTo('PageDown', 0, list)).toBe(3);
  expect(stepTo('PageDown', 3, list)).toBe(4);
  expect(stepTo('End', 1, list)).toBe(4);
  expect(stepTo('Home', 3, list)).toBe(0);
  expect(stepTo('x', 3, list)).toBeUndefined();
  expect(stepTo('ArrowDown', -1, list)).toBe(0);
  expect(stepTo('ArrowDown', 0, { ...list, count: 0 })).toBeUndefined();

  const grid = { count: 5, columns: 3, page: 2 };
  expect(stepTo('ArrowRight', 0, grid)).toBe(1);
  expect(stepTo('ArrowLeft', 0, grid)).toBe(0);
  expect(stepTo('ArrowDown', 1, grid)).toBe(4);
  expect(stepTo('ArrowDown', 2, grid)).toBe(4);
  expect(stepTo('ArrowDown', 3, grid)).toBe(3);
  expect(stepTo('ArrowRight', 1, { ...grid, rtl: true })).toBe(0);
});
