import { expect, test } from 'vitest';
import { createRecent } from './recent.ts';

test('what was read longest ago goes first, and never more is kept than said', () => {
  const recent = createRecent(100);
  for (const id of ['a', 'b', 'c']) recent.keep(id, 'mark', Buffer.alloc(30, id));
  expect(recent.get('a', 'mark')?.toString()).toBe('a'.repeat(30));
  recent.keep('d', 'mark', Buffer.alloc(30));
  expect(['a', 'b', 'c', 'd'].map((id) => recent.get(id, 'mark')?.length)).toEqual([30, undefined, 30, 30]);
  recent.keep('a', 'mark', Buffer.alloc(10));
  recent.keep('e', 'mark', Buffer.alloc(30));
  expect(['a', 'c', 'd', 'e'].map((id) => recent.get(id, 'mark')?.length)).toEqual([10, 30, 30, 30]);
  recent.keep('f', 'mark', Buffer.alloc(101));
  expect(['a', 'c', 'd', 'e', 'f'].map((id) => recent.get(id, 'mark'))).toEqual(Array(5).fill(undefined));
});

test('under another mark it is not known', () => {
  const recent = createRecent(100);
  recent.keep('a', 'one', Buffer.of(1));
  expect(recent.get('a', 'two')).toBeUndefined();
  expect(recent.get('a', 'one')).toEqual(Buffer.of(1));
  recent.forget('a');
  expect(recent.get('a', 'one')).toBeUndefined();
});
