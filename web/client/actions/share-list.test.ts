import { expect, test } from 'vitest';
import { row } from './rows-fixture.ts';
import { buildShares } from './share-list.ts';

const id = 'a'.repeat(24);
const delivered = [{ to: 'bob.test', state: 'delivered' as const }];
const share = (over: Parameters<typeof row>[0]) => row({ sub: id, aud: 'bob.test', ...over });

test('the last word to each person counts', () => {
  const rows = [
    share({ id: '1', t: 'FSHR', deliveries: delivered, iat: 1, state: 'superseded' }),
    share({ id: '2', t: 'FSHR:WRITE', iat: 2, state: 'waiting' }),
    share({ id: '3', t: 'FSHR:COMMENT', aud: 'carol.test', iat: 1, deliveries: delivered }),
    share({ id: '4', t: 'FSHR', sub: 'b'.repeat(24) }),
    share({ id: '5', t: 'FSHR', iss: 'bob.test', aud: 'me.test' }),
  ];
  expect(buildShares(rows, id, 'me.test')).toEqual([
    { idTag: 'bob.test', id: '2', level: 'write', state: 'waiting' },
    { idTag: 'carol.test', id: '3', level: 'comment', state: 'delivered' },
  ]);
});

test('what was taken back is there until that has gone out', () => {
  const before = share({ id: '1', t: 'FSHR', state: 'superseded' });
  const end = (over: Partial<Parameters<typeof row>[0]>) =>
    share({ id: '2', t: 'FSHR:DEL', iat: 2, ...over });
  expect(buildShares([before, end({ state: 'waiting' })], id, 'me.test')).toEqual([
    { idTag: 'bob.test', id: '2', state: 'waiting' },
  ]);
  expect(buildShares([before, end({})], id, 'me.test')).toEqual([]);
});

test('a change that was refused says why, and what holds', () => {
  const rows = [
    share({ id: '1', t: 'FSHR', deliveries: delivered }),
    share({ id: '2', t: 'FSHR:WRITE', iat: 2, state: 'refused', reason: 'no' }),
  ];
  expect(buildShares(rows, id, 'me.test')).toEqual([
    { idTag: 'bob.test', id: '2', level: 'read', state: 'refused', reason: 'no' },
  ]);
});
