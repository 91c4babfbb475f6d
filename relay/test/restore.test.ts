import { cp, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everything } from '../../shared/device/capability.ts';
import { verifyProof, proofSchema } from '../../shared/action/proof.ts';
import { verifyDeviceLog } from '../../shared/device/device-log.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { enrolledSchema, routes, deviceLogSchema } from '../../shared/routes.ts';
import { codeOf, createKeys, dataOf, TestDevice, type TestKeys } from './device.ts';
import {
  claimsOf,
  connect,
  createPeople,
  follow,
  held,
  type People,
  relationOf,
  tell,
  untilHeld,
} from './friends.ts';
import { adopt, askRestore, goOn, loseDisk, remember, restore, type Survival } from './lost-relay.ts';
import { createNetwork, eventually } from './network.ts';

const describeKey = ({ did, jwk, ecdh }: TestKeys) => ({
  ...{ did, jwk, ecdh },
  kind: 'recovery' as const,
  name: 'Recovery kit',
});

/** The key of a kit is in the device log. */
async function addRecoveryKey(device: TestDevice): Promise<TestKeys> {
  const kit = await createKeys();
  const entry = await device.sign(await device.log(), { t: 'key', key: describeKey(kit) });
  expect((await device.ask(routes.deviceLog, 'POST', { entry })).status).toBe(201);
  return kit;
}

describe('an identity comes to a relay that knows nothing of it', () => {
  let people: People;
  let alice: TestDevice;
  let kit: TestKeys;
  let survival: Survival;

  beforeEach(async () => {
    people = await createPeople('alice.test');
    [alice] = people.people as [TestDevice];
    kit = await addRecoveryKey(alice);
    survival = await remember(alice);
    await loseDisk(alice.relay);
  });
  afterEach(() => people.network.close());

  test('X16: a new browser with the recovery key goes on with the log; old identity keys are listed as retired', async () => {
    const fresh = new TestDevice(people.network, alice.relay, await createKeys());
    const op = { t: 'add' as const, device: fresh.describe('new browser'), cap: [...everything] };
    const entry = await goOn(fresh, survival, op, kit);
    const first = await askRestore(fresh, survival, entry);
    fresh.delegation = dataOf(first, enrolledSchema).delegation;
    const log = await fresh.log();
    expect(log.hashes.slice(0, -1)).toEqual(
      (await verifyDeviceLog(alice.relay.idTag, survival.entries)).hashes,
    );
    const { keys } = dataOf(await fresh.relay.ask(routes.me), profileSchema);
    const [now, before] = keys;
    expect(before).toMatchObject({ publicKey: survival.keys[0]!.publicKey });
    expect(before!.expiresAt).toBeLessThan(fresh.seconds());
    expect(now!.keyId).not.toBe(before!.keyId);
    expect(await fresh.say({ t: 'POST', c: 'Back again', v: 'P' })).toMatch(/^a1~/);
    await fresh.relay.stop();
    await fresh.relay.start();
    fresh.forgetToken();
    expect(await fresh.say({ t: 'POST', c: 'And after a restart', v: 'P' })).toMatch(/^a1~/);
    const again = await askRestore(fresh, survival, entry, 'not the token');
    expect(codeOf(again)).toBe('E-SETUP-UNKNOWN');
  });

  test('X17: a device that survived raises the generation: what was delegated before is over', async () => {
    const before = alice.delegation;
    await restore(alice, survival);
    expect(await alice.say({ t: 'POST', c: 'Still me', v: 'P' })).toMatch(/^a1~/);
    expect(codeOf(await alice.exchange(await alice.assertion(), [before]))).toBe('E-DELEGATION-REVOKED');
  });

  test('X16: the answer was lost: the same again, signed again too, is answered the same, and nobody else gets in', async () => {
    const setup = alice.setupToken();
    const entry = await goOn(alice, survival, { t: 'gen', gen: 1 });
    const [one, two] = [
      await askRestore(alice, survival, entry, setup),
      await askRestore(alice, survival, entry, setup),
    ].map((answer) => dataOf(answer, enrolledSchema));
    expect(two).toEqual(one);
    const signedAgain = await goOn(alice, survival, { t: 'gen', gen: 1 });
    const three = dataOf(await askRestore(alice, survival, signedAgain, setup), enrolledSchema);
    expect(three.delegation).toBe(one!.delegation);
    const stranger = new TestDevice(people.network, alice.relay, await createKeys());
    expect(codeOf(await stranger.enrol(setup, await stranger.firstEntry()))).toBe('E-SETUP-USED');
  });

  test('X17: who is not in the log, a kit that was replaced, and a device that only adds another do not come back', async () => {
    const fresh = new TestDevice(people.network, alice.relay, await createKeys());
    const add = { t: 'add' as const, device: fresh.describe('new browser'), cap: [...everything] };
    const stranger = await goOn(fresh, survival, add, await createKeys());
    expect(codeOf(await askRestore(fresh, survival, stranger))).toBe('E-LOG-PERMISSION');
    const byDevice = await goOn(alice, survival, add);
    expect(codeOf(await askRestore(alice, survival, byDevice))).toBe('E-LOG-PERMISSION');
    const unkey = await goOn(alice, survival, { t: 'unkey', did: kit.did });
    const later = { ...survival, entries: [...survival.entries, unkey] };
    const replaced = await goOn(fresh, later, add, kit).catch(() => '');
    expect(codeOf(await askRestore(fresh, later, replaced))).toBe('E-LOG-PERMISSION');
    const forged = { ...survival, entries: survival.entries.slice(1) };
    expect(codeOf(await askRestore(fresh, forged, byDevice))).toBe('E-LOG-FORK');
    expect((await alice.relay.ask(routes.deviceLog)).text).toContain('"entries":[]');
  });

  test('X17: a relay that has a device log takes no other', async () => {
    const other = await TestDevice.enrolFirst(people.network, alice.relay);
    const entry = await goOn(alice, survival, { t: 'gen', gen: 1 });
    expect(codeOf(await askRestore(alice, survival, entry, other.setupToken()))).toBe('E-SETUP-USED');
    expect((await other.log()).length).toBe(1);
  });
});

test('X15: with the relay alive the recovery key lets a browser in, and an older kit does not', async () => {
  const network = await createNetwork('alice.test');
  const [relay] = network.relays;
  const alice = await TestDevice.enrolFirst(network, relay);
  const [old, kit] = [await addRecoveryKey(alice), await addRecoveryKey(alice)];
  const unkey = await alice.sign(await alice.log(), { t: 'unkey', did: old.did });
  expect((await alice.ask(routes.deviceLog, 'POST', { entry: unkey })).status).toBe(201);
  const fresh = new TestDevice(network, relay, await createKeys());
  const op = { t: 'add' as const, device: fresh.describe('new browser'), cap: [...everything] };
  const ask = async (by: TestKeys) => {
    const entries = dataOf(await relay.ask(routes.deviceLog), deviceLogSchema).entries.map(
      ({ entry }) => entry,
    );
    const entry = await goOn(fresh, { entries }, op, by);
    return relay.ask(routes.deviceLog, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entry }),
    });
  };
  expect(await ask(old)).toMatchObject({ status: 401 });
  expect((await ask(kit)).status).toBe(201);
  expect((await alice.log()).devices.get(fresh.keys.did)?.name).toBe('new browser');
  await network.close();
});

describe('a fresh relay is filled by the device that survived', () => {
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

  test('D8, D9: own words with their proofs, relations and conversations are back; nothing is said twice; neighbours go on both ways', async () => {
    const post = await tell(alice, { t: 'POST', c: 'Before', v: 'F' }, [bob]);
    await tell(bob, { t: 'MSG', c: 'Do you hear me?', aud: alice.relay.idTag, v: 'D' }, [alice]);
    const conversation = await alice.say({ t: 'CONV', c: { name: 'Walks' }, v: 'S' });
    const invitation = { t: 'INVT', sub: conversation, aud: bob.relay.idTag, v: 'D' as const };
    await tell(alice, invitation, [bob]);
    await tell(bob, { t: 'SUBS', sub: conversation, aud: alice.relay.idTag, v: 'S' }, [alice]);
    await alice.eventually(post, ({ deliveries }) => deliveries[0]?.state === 'delivered');
    const survival = await remember(alice);
    const atBob = await bob.items();
    // A profile is not asked for twice within ten seconds.
    await people.network.advance(11_000);

    await loseDisk(alice.relay);
    await restore(alice, survival);
    expect(new Set((await adopt(alice, survival.items)).map(({ status }) => status))).toEqual(
      new Set(['adopted']),
    );
    expect(new Set((await adopt(alice, survival.items)).map(({ status }) => status))).toEqual(
      new Set(['known']),
    );

    expect(await relationOf(alice, bob)).toMatchObject({
      following: true,
      follower: true,
      connected: 'connected',
    });
    const back = (await alice.items()).map(({ token, receivedAt }) => ({ token, receivedAt }));
    expect(back).toEqual(survival.items.map(({ token, receivedAt }) => ({ token, receivedAt })));
    const proof = dataOf(await alice.relay.ask(`${routes.actions}/${post}/proof`), proofSchema);
    const { keys } = dataOf(await alice.relay.ask(routes.me), profileSchema);
    const posted = (await alice.items()).find(({ actionId }) => actionId === post)!;
    expect((await verifyProof(posted.token, proof, keys)).device?.did).toBe(alice.keys.did);
    expect(posted.deliveries).toEqual([{ to: bob.relay.idTag, state: 'delivered' }]);

    // Nothing went out by itself: what bob has is what he had.
    expect((await bob.items()).map(({ token: had }) => had)).toEqual(atBob.map(({ token: had }) => had));
    expect((await held(bob, 'POST')).length).toBe(1);

    await tell(bob, { t: 'POST', c: 'After', v: 'F' }, [alice]);
    await tell(bob, { t: 'MSG', c: 'And now?', aud: alice.relay.idTag, v: 'D' }, [alice]);
    await tell(bob, { t: 'MSG', c: 'In the walks', p: conversation, aud: alice.relay.idTag, v: 'S' }, [
      alice,
    ]);
    await tell(alice, { t: 'MSG', c: 'I hear you', aud: bob.relay.idTag, v: 'D' }, [bob]);
    await tell(alice, { t: 'POST', c: 'Here again', v: 'F' }, [bob]);
    const comment = { t: 'CMNT', c: 'welcome back', p: post, aud: alice.relay.idTag, v: 'F' as const };
    await tell(bob, comment, [alice]);
  });

  test('Y7, X18: the neighbour sees other keys, which a person accepts; a log that goes on is no fork', async () => {
    const look = () => bob.ask(`${routes.people}/${alice.relay.idTag}`);
    expect((await look()).status).toBe(200);
    await eventually('bob has pinned alice', async () =>
      (await relationOf(bob, alice))?.trust?.state === 'pinned' ? true : undefined,
    );
    const survival = await remember(alice);
    await loseDisk(alice.relay);
    await restore(alice, survival);
    await people.network.advance(11_000);
    await look();
    expect((await relationOf(bob, alice))?.trust?.state).toBe('changed');
    await bob.ask(`${routes.people}/${alice.relay.idTag}`, 'PUT', { trust: 'accepted' });
    await people.network.advance(25 * 3_600_000);
    bob.forgetToken();
    await look();
    expect((await relationOf(bob, alice))?.trust?.state).toBe('pinned');
  });

  test('D8: an older copy was put back: what the device had since is taken over, and what waited goes out', async () => {
    await tell(alice, { t: 'POST', c: 'In the copy', v: 'F' }, [bob]);
    await alice.relay.stop();
    await cp(alice.relay.folder, `${alice.relay.folder}-copy`, { recursive: true });
    await alice.relay.start();
    await tell(alice, { t: 'POST', c: 'After the copy', v: 'F' }, [bob]);
    await bob.relay.stop();
    const waiting = await alice.say({ t: 'POST', c: 'Not delivered yet', v: 'F' });
    const { items } = await remember(alice);
    await alice.relay.stop();
    await rm(alice.relay.folder, { recursive: true });
    await cp(`${alice.relay.folder}-copy`, alice.relay.folder, { recursive: true });
    await alice.relay.start();
    alice.forgetToken();
    const results = await adopt(alice, items);
    expect(results.filter(({ status }) => status === 'adopted').length).toBe(2);
    expect(results.every(({ status }) => ['adopted', 'known'].includes(status))).toBe(true);
    await bob.relay.start();
    await people.network.advance(60_000);
    bob.forgetToken();
    await bob.eventually(waiting);
    expect((await held(bob, 'POST')).map(({ claims }) => claims.c)).toEqual([
      'In the copy',
      'After the copy',
      'Not delivered yet',
    ]);
  });

  test('D8, D9: what somebody else signed, what is dated ahead, and what contradicts is not taken', async () => {
    await alice.say({ t: 'POST', c: 'Mine', v: 'P' });
    const survival = await remember(alice);
    const item = survival.items.find(({ token }) => claimsOf(token).c === 'Mine')!;
    const forged = { ...item, token: `${item.token.slice(0, -96)}${'A'.repeat(96)}` };
    expect(await adopt(alice, [item])).toEqual([{ status: 'known' }]);
    await loseDisk(alice.relay);
    await restore(alice, survival);
    expect(await adopt(alice, [forged])).toMatchObject([{ status: 'refused', code: 'E-TOKEN-SIGNATURE' }]);
    await bob.relay.stop();
    const [fromBob] = survival.items.filter(({ token }) => claimsOf(token).iss === bob.relay.idTag);
    expect(await adopt(alice, [fromBob!])).toEqual([{ status: 'later' }]);
    await bob.relay.start();
    const weak = await alice.enrolSecond([{ act: 'action/create', res: 'type:POST' }]);
    expect(codeOf(await weak.ask(routes.adopt, 'POST', { items: [item] }))).toBe('E-DELEGATION-SCOPE');
  });
});

test('D8: of two upserts the later one holds, in whatever order they are brought', async () => {
  const people = await createPeople('alice.test', 'bob.test');
  const [alice, bob] = people.people;
  await follow(alice, bob);
  await alice.say({ t: 'FLLW:DEL', aud: bob.relay.idTag, v: 'D', iat: alice.seconds() + 1 });
  const survival = await remember(alice);
  await loseDisk(alice.relay);
  await restore(alice, survival);
  await adopt(alice, survival.items.toReversed());
  expect((await relationOf(alice, bob))?.following ?? false).toBe(false);
  expect((await held(alice, 'FLLW')).map(({ claims }) => claims.t)).toEqual(['FLLW:DEL']);
  await untilHeld(bob, 'FLLW', ({ t }) => t === 'FLLW:DEL');
  await people.network.close();
});
