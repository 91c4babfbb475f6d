import { describe, expect, it } from 'vitest';
import { alternate, missedBy, quantile, summarise } from './row.ts';

describe('measurements', () => {
  it('quantiles lie between the nearest ranks', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([5, 1, 3], 0.5)).toBe(3);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });

  it('the ratio is the median of the ratios of the rounds', () => {
    const result = summarise(
      { name: 'x', unit: 'ms', target: { atMost: 1.6 } },
      { ours: [2, 30, 4], theirs: [1, 10, 4] },
    );
    expect(result).toMatchObject({
      rounds: 3,
      ours: { median: 4 },
      theirs: { median: 4 },
      ratio: { median: 2 },
      missed: 0.25,
    });
    expect(() =>
      summarise({ name: 'x', unit: 'ms', target: { atMost: 1.6 } }, { ours: [1], theirs: [] }),
    ).toThrow(RangeError);
  });

  it('a target is met or missed by a share of it', () => {
    expect(missedBy({ atMost: 1.5 }, 30, 1.5)).toBe(0);
    expect(missedBy({ atMost: 1.5 }, 30, 3)).toBe(1);
    expect(missedBy({ atLeast: 2 }, 30, 2)).toBe(0);
    expect(missedBy({ atLeast: 2 }, 30, 1)).toBe(0.5);
    expect(missedBy({ limit: 40 }, 30, 3)).toBe(0);
    expect(missedBy({ limit: 20 }, 30, 0.1)).toBe(0.5);
    expect(missedBy({ atMost: 0 }, 0, 0)).toBe(0);
    expect(missedBy({ atMost: 0 }, 1, 1)).toBe(Infinity);
  });

  it('both sides take turns to begin, and the first pair does not count', async () => {
    const order: string[] = [];
    const side = (name: string) => () => Promise.resolve(order.push(name));
    const samples = await alternate(3, side('a'), side('b'));
    expect(order.join('')).toBe('ababbaab');
    expect(samples.ours).toHaveLength(3);
    expect(samples.theirs).toHaveLength(3);
  });
});
