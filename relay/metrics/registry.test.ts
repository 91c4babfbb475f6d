import { expect, test } from 'vitest';
import { createRegistry } from './registry.ts';

test('counters, histograms and gauges in the text form of Prometheus', async () => {
  const registry = createRegistry();
  const count = registry.counter('a_total', 'Help.', ['door', 'code']);
  count(['/api/me', '200']);
  count(['/api/me', '200'], 2);
  count(['a "door"\\\n', '404']);
  const observe = registry.histogram('b_seconds', 'Help.', [0.1, 1]);
  for (const seconds of [0.05, 0.5, 5]) observe(seconds);
  registry.gauge('c', 'Help.', () => Promise.resolve(7));
  registry.gauge('d', 'Help.', () => ({ one: 1, two: 2 }), 'state');
  expect((await registry.format()).split('\n')).toEqual([
    '# HELP a_total Help.',
    '# TYPE a_total counter',
    'a_total{door="/api/me",code="200"} 3',
    'a_total{door="a \\"door\\"\\\\\\n",code="404"} 1',
    '# HELP b_seconds Help.',
    '# TYPE b_seconds histogram',
    'b_seconds_bucket{le="0.1"} 1',
    'b_seconds_bucket{le="1"} 2',
    'b_seconds_bucket{le="+Inf"} 3',
    'b_seconds_sum 5.55',
    'b_seconds_count 3',
    '# HELP c Help.',
    '# TYPE c gauge',
    'c 7',
    '# HELP d Help.',
    '# TYPE d gauge',
    'd{state="one"} 1',
    'd{state="two"} 2',
    '',
  ]);
});

test('labels that others choose do not fill the memory: after 500 they count together', async () => {
  const registry = createRegistry();
  const count = registry.counter('a_total', 'Help.', ['who']);
  for (let i = 0; i < 2_000; i++) count([`who ${i}`]);
  const lines = (await registry.format()).trim().split('\n');
  expect(lines.length).toBeLessThan(510);
  expect(lines.at(-1)).toBe('a_total{who="other"} 1500');
});
