import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import * as v from 'valibot';
import type { RelayApi } from '../relay/relay-api.ts';
import { openDatabase } from '../store/database.ts';
import { pullPeople } from './pull.ts';

async function nameOf(name: string): Promise<string | undefined> {
  const db = await openDatabase(`pull-${name}`);
  const person = { idTag: 'eve.test', name, type: 'person', following: true, follower: false };
  const people = [{ ...person, connected: 'none', blocked: false, muted: false }];
  const get: RelayApi['get'] = (_path, schema) => Promise.resolve(v.parse(schema, { people }));
  await pullPeople(db, { get });
  const row = await db.people.get('eve.test');
  db.close();
  return row?.name;
}

it.each([
  ['Eve', 'Eve'],
  ['Ali\u202eecila\u202c', 'Aliecila'],
  ['\u2067Eve\u2069 \n', 'Eve'],
  ['\u200b\u2060', 'eve.test'],
  [' ', 'eve.test'],
  ['👩‍💻 Eve', '👩‍💻 Eve'],
])('the name %j of a neighbour is shown as %j', async (name, shown) => {
  expect(await nameOf(name)).toBe(shown);
});
