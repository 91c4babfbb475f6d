import { expect, test } from 'vitest';
import type { Did } from '../../../shared/identity/did.ts';
import type { Claimant } from '../device/copied.ts';
import { openTestBrowser } from '../documents/browser-fixture.ts';
import { listAlarms, putAside } from './alarms.ts';
import { tellCopiedKeys } from './copied-keys.ts';

const keys = (name: string): Claimant => ({
  ...{ did: `did:key:${name}` as Did, words: ['one', 'two', 'three'], at: 1, first: name === 'first' },
});
const claimed = (...names: string[]) =>
  new Map([[keys('first').did, { name: 'Laptop', claimants: names.map(keys) }]]);

test('G10: copied keys are told once to whoever may decide, again when others come, and no more once it is decided', async () => {
  const { db, close } = await openTestBrowser();
  const told = async () => (await listAlarms(db)).map(({ kind, what }) => `${kind} ${what}`);
  await tellCopiedKeys(db, claimed('first'), 5);
  expect(await told(), 'the relay alone says so, and shows no other keys').toEqual([]);
  await tellCopiedKeys(db, claimed('first', 'second'), 6);
  await tellCopiedKeys(db, claimed('first', 'second'), 7);
  expect(await told()).toEqual(['copied Laptop']);
  await putAside(db, (await listAlarms(db))[0]!.id);
  await tellCopiedKeys(db, claimed('first', 'second'), 8);
  await tellCopiedKeys(db, claimed('second', 'first'), 8);
  expect(await told(), 'somebody has seen it').toEqual([]);
  await tellCopiedKeys(db, claimed('first', 'second', 'third'), 9);
  expect(await told()).toEqual(['copied Laptop']);
  await tellCopiedKeys(db, new Map(), 10);
  expect(await told()).toEqual([]);
  await tellCopiedKeys(db, claimed('first', 'second', 'third'), 11);
  expect(await told(), 'it began anew').toEqual(['copied Laptop']);
  await close();
});
