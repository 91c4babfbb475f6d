import { afterEach, beforeEach, expect, test } from 'vitest';
import { pinnedSchema } from '../../shared/api/watch.ts';
import { everything } from '../../shared/device/capability.ts';
import { verifyDeviceLog } from '../../shared/device/device-log.ts';
import { judgeWitness } from '../../shared/device/witness.ts';
import { enrolledSchema, routes } from '../../shared/routes.ts';
import { createKeys, dataOf, TestDevice, type TestKeys } from './device.ts';
import { connect, createPeople, follow, type People, relationOf } from './friends.ts';
import { askAs, visit } from './guest.ts';
import { askRestore, goOn, loseDisk, remember } from './lost-relay.ts';
import { eventually } from './network.ts';

let people: People;
let alice: TestDevice;
let bob: TestDevice;

beforeEach(async () => {
  people = await createPeople('alice.test', 'bob.test');
  [alice, bob] = people.people as [TestDevice, TestDevice];
  await connect(alice, bob);
  await follow(bob, alice);
});
afterEach(() => people.network.close());

/** The key of a kit is in the device log. */
async function addRecoveryKey(device: TestDevice): Promise<TestKeys> {
  const kit = await createKeys();
  const { did, jwk, ecdh } = kit;
  const key = { did, jwk, ecdh, kind: 'recovery' as const, name: 'Recovery kit' };
  const entry = await device.sign(await device.log(), { t: 'key', key });
  expect((await device.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
  return kit;
}

test('L13, X18, Y7: a kit that is older than the device log: the neighbour sees other keys and no rewritten list, and the new browser knows why', async () => {
  const kit = await addRecoveryKey(alice);
  const { entries, keys } = await remember(alice);
  await alice.enrolSecond();
  await alice.remove((await alice.enrolSecond()).keys.did);
  /** Bob looks at Alice a day later. */
  const look = async () => {
    await people.network.advance(25 * 3_600_000);
    alice.forgetToken();
    bob.forgetToken();
    await bob.ask(`${routes.people}/${alice.relay.idTag}`);
  };
  const { length, head } = await alice.log();
  const witnessed = async (by: TestDevice) => {
    const token = await visit(by, bob.relay, true);
    return dataOf(await askAs(bob.relay, token, routes.pinned), pinnedSchema);
  };
  await eventually('bob has pinned the long log', async () => {
    await look();
    return (await witnessed(alice)).pinned?.length === length ? true : undefined;
  });

  await loseDisk(alice.relay);
  const fresh = new TestDevice(people.network, alice.relay, await createKeys());
  const op = { t: 'add' as const, device: fresh.describe('new browser'), cap: [...everything] };
  const entry = await goOn(fresh, { entries }, op, kit);
  const answer = await askRestore(fresh, { entries, keys }, entry);
  fresh.delegation = dataOf(answer, enrolledSchema).delegation;
  await eventually('bob is told of other keys, and of nothing else', async () => {
    await look();
    fresh.forgetToken();
    const state = (await relationOf(bob, alice))?.trust?.state;
    expect(state).not.toBe('forked');
    return state === 'changed' ? true : undefined;
  });
  const told = await witnessed(fresh);
  const log = await fresh.log();
  expect(told).toEqual({ pinned: { head, length }, offered: { head: log.head, length: log.length } });
  const texts = [...entries, entry];
  expect(judgeWitness(log, texts, told).standing).toBe('same');
  // A relay that hides something is still noticed: nobody brought this log back, or it shows bob another one now.
  const short = await verifyDeviceLog(log.idTag, entries);
  expect(
    judgeWitness(short, entries, { ...told, offered: { head: short.head, length: short.length } }),
  ).toEqual({ standing: 'longer', head });
  const strange = { head: head.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), length: 2 };
  expect(judgeWitness(log, texts, { ...told, offered: strange })).toEqual({
    standing: 'other',
    head: strange.head,
  });
  expect(judgeWitness(log, texts, { pinned: told.pinned })).toEqual({ standing: 'longer', head });

  await bob.ask(`${routes.people}/${alice.relay.idTag}`, 'PUT', { trust: 'accepted' });
  expect((await witnessed(fresh)).pinned).toEqual({ head: log.head, length: log.length });
});
