import { expect, test } from 'vitest';
import { createRest } from './memory.ts';

/** A thread that has worked for so many milliseconds between two looks. @returns whether each look collected, which takes 80 */
function lookAfter(...work: number[]): boolean[] {
  let [worked, count] = [0, 0];
  const collect = () => {
    worked += 80;
    count++;
  };
  const look = createRest({ worked: () => worked, collect });
  return work.map((ms) => {
    const before = count;
    worked += ms;
    look();
    return count > before;
  });
}

test('what was left behind is collected once the work is over, and not again while nothing is done', () => {
  expect(lookAfter(900, 700, 5, 5, 5)).toEqual([false, false, true, false, false]);
});

test('nothing is collected amid work, nor after so little that there is nothing to gain', () => {
  expect(lookAfter(900, 900, 900)).toEqual([false, false, false]);
  expect(lookAfter(40, 5, 40, 5)).toEqual([false, false, false, false]);
});

test('a little at a time is collected when it has come to something', () => {
  expect(lookAfter(100, 5, 100, 5, 100, 5, 5)).toEqual([false, false, false, false, false, true, false]);
});
