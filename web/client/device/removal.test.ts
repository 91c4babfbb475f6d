import 'fake-indexeddb/auto';
import { afterEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { refuseWaiting } from './removal.ts';

let db: Database;
afterEach(() => db.delete());

it('what a removed device still had to say is refused, with the reason, and stays to be read', async () => {
  db = await openDatabase('islet-removal');
  const action = { iss: 'me.test', t: 'POST', type: 'POST', text: 'Hello', iat: 1, receivedAt: 1 };
  const bare = { files: [], deliveries: [], state: 'waiting' as const };
  await db.actions.bulkAdd([
    { id: 'a', ...action, ...bare },
    { id: 'b', ...action, ...bare, state: 'accepted' },
  ]);
  const statement = { t: 'POST', iat: 1, v: 'F' as const, _: 'a' };
  await db.outbox.add({ id: 'a', statement, local: {}, uploads: [] });
  expect(await refuseWaiting(db, 'It was removed.')).toBe(1);
  expect(await db.outbox.count()).toBe(0);
  expect(await db.actions.get('a')).toMatchObject({
    state: 'refused',
    reason: 'It was removed.',
    text: 'Hello',
  });
  expect((await db.actions.get('b'))?.state).toBe('accepted');
  expect(await refuseWaiting(db, 'again')).toBe(0);
});
