import { describe, expect, test } from 'vitest';
import { backoff, parseRetryAfter } from './backoff.ts';
import { createLanes } from './lanes.ts';

describe('backoff', () => {
  const chance = (byte: number) => () => new Uint8Array([byte]);

  test('Q2: 10 s·2ⁿ⁻¹, half of it by chance, at most 12 hours', () => {
    expect(backoff(1, chance(0))).toBe(5_000);
    expect(backoff(1, chance(255))).toBeGreaterThan(9_900);
    expect(backoff(4, chance(0))).toBe(40_000);
    expect(backoff(60, chance(255))).toBeLessThanOrEqual(43_200_000);
  });

  test('Q2: Retry-After in seconds and as a date', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter('Sat, 21 Nov 2026 12:01:00 GMT', now)).toBe(60_000);
    expect(parseRetryAfter('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0);
    expect(parseRetryAfter('999999999', now)).toBe(43_200_000);
    expect(parseRetryAfter('soon', now)).toBeUndefined();
    expect(parseRetryAfter(undefined, now)).toBeUndefined();
  });
});

describe('lanes', () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const until = async (condition: () => boolean) => {
    while (!condition()) await pause(5);
  };

  test('one thing at a time in a lane; a slow lane does not hold up another', async () => {
    const left = new Map([
      ['slow', 3],
      ['quick', 3],
    ]);
    const running = new Map<string, number>();
    const done: string[] = [];
    const areQuickDone = () => done.filter((key) => key === 'quick').length === 3;
    const lanes = createLanes(
      async (key) => {
        const open = left.get(key) ?? 0;
        if (open === 0) return undefined;
        left.set(key, open - 1);
        running.set(key, (running.get(key) ?? 0) + 1);
        expect(running.get(key)).toBe(1);
        await (key === 'slow' ? until(areQuickDone) : pause(5));
        running.set(key, 0);
        done.push(key);
        return 0;
      },
      () => undefined,
    );
    for (const key of ['slow', 'quick', 'slow', 'quick']) lanes.wake(key);
    await until(() => done.length === 6);
    expect(done).toEqual(['quick', 'quick', 'quick', 'slow', 'slow', 'slow']);
    await lanes.close();
  });

  test('what comes in while a lane looks for the last time is not forgotten', async () => {
    let items = 0;
    let done = 0;
    const lanes = createLanes(
      async () => {
        const found = items > 0;
        if (found) items -= 1;
        await pause(1);
        done += found ? 1 : 0;
        return found ? 0 : undefined;
      },
      () => undefined,
    );
    for (let i = 0; i < 200; i++) {
      items += 1;
      lanes.wake('lane');
      await pause(i % 4);
    }
    await until(() => done === 200);
    expect([done, items]).toEqual([200, 0]);
    await lanes.close();
  });

  test('a failure is reported and the lane goes on later', async () => {
    const errors: unknown[] = [];
    const lanes = createLanes(
      () => Promise.reject(new Error('no disk')),
      (error) => errors.push(error),
    );
    lanes.wake('lane');
    await until(() => errors.length > 0);
    expect(errors).toHaveLength(1);
    await lanes.close();
  });
});
