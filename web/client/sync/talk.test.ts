import { expect, test } from 'vitest';
import { talkToState } from './talk.ts';

test('offline, everything is said to be sent only when it was and nothing is dirty', () => {
  const away = { dirty: 0, since: 1, oldest: undefined, first: undefined, scope: undefined };
  expect(talkToState(undefined, { ...away, sent: true })).toMatchObject({ kind: 'offline', sent: true });
  expect(talkToState(undefined, { ...away, sent: false })).toMatchObject({ sent: false });
  expect(talkToState(undefined, { ...away, dirty: 1, sent: true })).toMatchObject({ sent: false });
});
