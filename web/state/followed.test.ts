import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../client/store/database.ts';
import { chip } from './chip.ts';
import { showFollowed, whyUnread } from './followed.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase('followed');
});
afterEach(() => db.close());

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const raise = (id: string) => db.alarms.put({ id, kind: 'device', at: 1, seen: 0 });

test('tables that cannot be read are a notice, which goes when they can be read again', async () => {
  let full = false;
  let shown: number | undefined;
  const read = async (): Promise<number> => {
    const found = await db.alarms.count();
    if (full) throw new DOMException('the disk is full', 'UnknownError');
    return found;
  };
  showFollowed(read, (n) => (shown = n));
  await until(() => expect(shown).toBe(0));
  full = true;
  await raise('one');
  await until(() => expect(chip.notices).toEqual(['unread']));
  expect(whyUnread()).toBe('the disk is full');
  expect(shown).toBe(0);
  full = false;
  await raise('two');
  await until(() => expect(chip.notices).toEqual([]));
  expect(shown).toBe(2);
  expect(whyUnread()).toBe('');
});
