import { expect, test } from 'vitest';
import { INDEX_ID } from '../documents/document-id.ts';
import { talkToState } from './talk.ts';

const away = { unsent: [], since: 1, oldest: undefined, first: undefined, scope: undefined };

test('offline, everything is said to be sent only when it was and nothing is dirty', () => {
  expect(talkToState(undefined, { ...away, sent: true })).toMatchObject({ kind: 'offline', sent: true });
  expect(talkToState(undefined, { ...away, sent: false })).toMatchObject({ sent: false });
  expect(talkToState(undefined, { ...away, unsent: ['one'], sent: true })).toMatchObject({ sent: false });
});

test('the list counts as a document that waits only where no other does', () => {
  const told = (unsent: string[]) => talkToState(undefined, { ...away, unsent, sent: false });
  expect(told(['one', INDEX_ID])).toMatchObject({ dirty: 1 });
  expect(told(['one', 'two'])).toMatchObject({ dirty: 2 });
  expect(told([INDEX_ID])).toMatchObject({ dirty: 1 });
});
