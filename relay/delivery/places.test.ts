import { afterEach, expect, test } from 'vitest';
import { createDice } from '../../shared/test/seeded.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { placeCounts } from './places.ts';

let lanes: Lanes | undefined;
afterEach(() => lanes?.close());

/** Neighbours of whom some take no notice of who asks until it is given up. */
function createCrowd(count: number, hangs: (key: string) => boolean) {
  const hung = new Map<string, number>();
  const crowd = {
    keys: Array.from({ length: count }, (_, i) => `n${i}`),
    done: [] as string[],
    given: [] as string[],
    /** Asked in one go, of those that hung before. */
    patient: 0,
    running: 0,
    most: 0,
    slowness: (key: string) => hung.get(key) ?? 0,
    async step(key: string, signal: AbortSignal): Promise<number | undefined> {
      crowd.running += 1;
      crowd.most = Math.max(crowd.most, crowd.running);
      if ((hung.get(key) ?? 0) >= 3) crowd.patient += 1;
      if (!hangs(key)) await new Promise((resolve) => setTimeout(resolve, 2));
      else if (!signal.aborted)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      crowd.running -= 1;
      if (!hangs(key)) {
        crowd.done.push(key);
        return undefined;
      }
      crowd.given.push(key);
      hung.set(key, (hung.get(key) ?? 0) + 1);
      return 0;
    },
  };
  return crowd;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const fail = (error: unknown) => {
  throw error;
};

test('Q4: however many hang, those who do not are served, and no more run than there are places', async () => {
  const dice = createDice();
  const silent = new Set(Array.from({ length: 1_200 }, (_, i) => `n${i}`).filter(() => dice() < 0.5));
  const crowd = createCrowd(1_200, (key) => silent.has(key));
  lanes = createLanes(crowd.step, fail, { slowness: crowd.slowness });
  crowd.keys.forEach(lanes.wake);
  const healthy = crowd.keys.filter((key) => !silent.has(key));
  await until(() => crowd.done.length === healthy.length);
  expect(crowd.done.toSorted()).toEqual(healthy.toSorted());
  const { quick, lingering, slow } = placeCounts;
  // One that was given up may still be on its way out.
  expect(crowd.most).toBeLessThanOrEqual(quick + 2 * lingering + slow);
  // They have the slow places, to the last one, and hold them.
  await until(() => crowd.patient === slow);
});

test('Q4: those who hung do not hold up anybody when they are asked again', async () => {
  const crowd = createCrowd(1_000, (key) => Number(key.slice(1)) < 500);
  const away = (key: string) => (Number(key.slice(1)) < 500 ? Infinity : 0);
  lanes = createLanes(crowd.step, fail, { slowness: away });
  crowd.keys.forEach(lanes.wake);
  await until(() => crowd.done.length === 500);
  expect(crowd.given).toEqual([]);
  expect(crowd.most).toBeLessThanOrEqual(placeCounts.quick + placeCounts.slow);
});

test('a lane with much to do goes to the end of the line after each piece', async () => {
  const order: string[] = [];
  const left = new Map([['much', 4_000]]);
  for (let i = 0; i < 600; i++) left.set(`n${i}`, 1);
  lanes = createLanes(async (key) => {
    await Promise.resolve();
    const count = left.get(key) ?? 0;
    if (count === 0) return undefined;
    left.set(key, count - 1);
    order.push(key);
    return 0;
  }, fail);
  for (const key of left.keys()) lanes.wake(key);
  await until(() => order.length === 4_600);
  const before = order.slice(0, order.lastIndexOf('n599')).filter((key) => key === 'much').length;
  expect(before).toBeLessThan(100);
});

test('closing gives up what hangs and starts nothing more', async () => {
  const crowd = createCrowd(2_000, () => true);
  const closing = createLanes(crowd.step, fail, { slowness: crowd.slowness });
  crowd.keys.forEach(closing.wake);
  expect(closing.waiting()).toBe(2_000 - placeCounts.quick);
  await closing.close();
  expect(crowd.running).toBe(0);
  expect(crowd.most).toBe(placeCounts.quick);
});
