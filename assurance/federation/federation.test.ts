import { expect, test } from 'vitest';
import { counted } from '../../shared/test/counted.ts';
import { seed } from '../../shared/test/seeded.ts';
import { patience, sized } from '../../relay/test/sizes.ts';
import { judge } from './judge.ts';
import { gone, names, tell } from './story.ts';

test(
  `Q1, Q2, Q3, I1, R5: over a wire that loses 30 %, doubles 20 % and delays 20 %, with relays that go and come back, everything has one effect (ISLET_SEED=${seed})`,
  { timeout: patience },
  async () => {
    const isFull = sized(0, 1) === 1;
    const told = await tell({ seed, deliveries: sized(200, 100_000), patient: isFull });
    expect(told.errors).toEqual([]);
    expect(judge(told.said, told.held, told.taken)).toEqual([]);
    const { requests, ...trouble } = told.seen;
    expect(Math.min(trouble.lost, trouble.doubled, trouble.late) / requests).toBeGreaterThan(0.1);
    expect(told.restarts).toBeGreaterThan(0);
    const count = (name: string, state: string) => told.states.get(`${name} ${state}`) ?? 0;
    const all = [...told.states.values()].reduce((sum, one) => sum + one, 0);
    const here = names.reduce((sum, name) => sum + count(name, 'delivered'), 0);
    // Who says that it moved has refused; who says nothing was tried until it was set aside.
    expect(here + count(gone.told, 'refused') + count(gone.silent, 'quarantined')).toBe(all);
    counted('deliveries over a bad wire, in virtual time', all);
  },
);

test('the judge sees what is missing, doubled, early or left over', () => {
  const said = [
    { actionId: 'post', parent: undefined, to: ['bob'] },
    { actionId: 'comment', parent: 'post', to: ['bob'] },
  ];
  const once = new Map([
    ['bob post', 1],
    ['bob comment', 1],
  ]);
  const held = (actionIds: string[], waiting = 0) => new Map([['bob', { actionIds, waiting }]]);
  expect(judge(said, held(['post', 'comment']), once)).toEqual([]);
  expect(judge(said, held(['comment', 'post']), once)).toHaveLength(1);
  expect(judge(said, held(['post']), once)).toHaveLength(1);
  expect(judge(said, held(['post', 'comment', 'comment']), once)).toHaveLength(1);
  expect(judge(said, held(['post', 'comment'], 1), once)).toHaveLength(1);
  expect(judge(said, held(['post', 'comment']), new Map([['bob post', 2]]))).toHaveLength(2);
});
