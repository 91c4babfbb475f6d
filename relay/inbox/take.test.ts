import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { read } from '../../shared/test/contexts.ts';
import { alice, noon } from '../../shared/test/log.ts';
import { createDevices } from '../identity/devices.ts';
import { createLock } from '../identity/lock.ts';
import { openNodeKeys } from '../identity/node-keys.ts';
import { createSealer } from '../identity/secret.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { migrations } from '../store/migrations/list.ts';
import { openStore, type Store } from '../store/database.ts';
import { saveRelation } from '../store/relations.ts';
import { type Candidate, createTake, type Take } from './take.ts';

const now = () => noon * 1000;
const names = Array.from({ length: 8 }, (_, i) => `n${i}.test`);
const [broken, another] = ['n3.test', 'n5.test'];

let folder: string;
let store: Store;
let take: Take;
let commits: number;
/** Issuers of what others were told of. */
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-take-'));
  store = await openStore(folder, now, migrations, () => (commits += 1));
  const { db } = store;
  const sealer = await createSealer('k'.repeat(32), randomBytes);
  const keys = await openNodeKeys(alice, { db, sealer, random: randomBytes, now });
  take = createTake({
    ...{ db, keys, now, idTag: alice, random: randomBytes, lock: createLock() },
    devices: createDevices({ db, keys, random: randomBytes, now }),
    verify: () => Promise.reject(new Error('it was looked at before')),
    received: ({ action }) => told.push(action.payload.iss),
    said: ({ actionId }) => told.push(actionId),
    passed: ({ payload }) => told.push(payload.iss),
  });
  [commits, told] = [0, []];
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Somebody follows Alice: an action and a relation. */
async function follow(iss: string): Promise<Candidate> {
  const action = await read({ iss, t: 'FLLW', aud: alice });
  return {
    found: { tenant: alice, now: noon, action, approved: false, isSigned: true },
    approval: undefined,
  };
}

/** All in one turn of the loop. @returns what each was answered */
async function takeAll(list: readonly Candidate[]): Promise<string[]> {
  const ends = await Promise.allSettled(list.map(take));
  return ends.map((end) => (end.status === 'fulfilled' ? end.value.status : String(end.reason)));
}

/** From now on the disk does not take the relation, which comes after the row of the action, of these. */
const breakFor = (who: readonly string[], how: 'fail' | 'rollback') =>
  sql`create trigger broken before insert on relations when new.neighbour in (${sql.join(who.map((name) => sql.lit(name)))})
    begin select raise(${sql.raw(how)}, 'the disk says no'); end`.execute(store.db);

async function listStored() {
  const actions = await store.db.selectFrom('actions').select('iss').orderBy('seq').execute();
  const relations = await store.db.selectFrom('relations').select('neighbour').orderBy('neighbour').execute();
  return { actions: actions.map(({ iss }) => iss), relations: relations.map(({ neighbour }) => neighbour) };
}

test('what comes together shares a commit, a copy of one is known, and one that is refused harms no other', async () => {
  await saveRelation(store.db, alice, broken, { blocked: true });
  commits = 0;
  const list = await Promise.all([...names, 'n0.test'].map(follow));
  const ends = await takeAll(list);
  expect(ends.splice(3, 1)[0]).toContain('not wanted here');
  expect(ends).toEqual([...names.slice(1).map(() => 'stored'), 'known']);
  const taken = names.filter((name) => name !== broken);
  expect([commits, told]).toEqual([1, taken]);
  expect(await listStored()).toEqual({ actions: taken, relations: names });
});

test.each(['fail', 'rollback'] as const)(
  'one that breaks the transaction (%s) is told so, nothing of it stays, and all others are stored once',
  async (how) => {
    await breakFor([broken, another], how);
    const ends = await takeAll(await Promise.all(names.map(follow)));
    const good = names.filter((name) => name !== broken && name !== another);
    const wanted = (name: string) => (good.includes(name) ? 'stored' : expect.stringContaining('says no'));
    expect(ends).toEqual(names.map(wanted));
    expect(told).toEqual(good);
    expect(await listStored()).toEqual({ actions: good, relations: good });
    await sql`drop trigger broken`.execute(store.db);
    expect(await takeAll([await follow(broken)])).toEqual(['stored']);
    expect(told).toEqual([...good, broken]);
  },
);

test('while the disk takes nothing each is told so, and nobody is told of anything', async () => {
  await breakFor(names, 'fail');
  const list = await Promise.all(names.map(follow));
  expect(await takeAll(list)).toEqual(names.map(() => expect.stringContaining('says no') as string));
  expect([told, await listStored()]).toEqual([[], { actions: [], relations: [] }]);
  await sql`drop trigger broken`.execute(store.db);
  expect(await takeAll(list)).toEqual(names.map(() => 'stored'));
  expect(told).toEqual(names);
});

test('one whose news cannot be told is answered by that, and is stored with the others', async () => {
  const push = told.push.bind(told);
  told.push = (name) => {
    if (name === broken) throw new Error('nobody listens');
    return push(name);
  };
  const ends = await takeAll(await Promise.all(names.map(follow)));
  expect(ends).toEqual(names.map((name) => (name === broken ? 'Error: nobody listens' : 'stored')));
  expect((await listStored()).actions).toEqual(names);
});
