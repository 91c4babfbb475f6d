import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityKeysSchema } from '../../shared/api/identity.ts';
import { everything } from '../../shared/device/capability.ts';
import { verifyLogCountersignature } from '../../shared/device/device-log.ts';
import { findKey, profileSchema } from '../../shared/identity/key-set.ts';
import { deviceLogSchema, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, json, nonce, type TestDevice } from './device.ts';
import { claimsOf, createPeople, follow, type People, tell } from './friends.ts';
import { eventually, type TestRelay } from './network.ts';
import { openStockNode } from './stock-node.ts';

const hour = 3_600_000;
const day = 24 * hour;

const profileOf = async ({ relay }: TestDevice) => dataOf(await relay.ask(routes.me), profileSchema);
const keyNames = async (device: TestDevice) => (await profileOf(device)).keys.map(({ keyId }) => keyId);
const statesOf = async (device: TestDevice) =>
  dataOf(await device.ask(routes.identityKeys), identityKeysSchema).keys.map(({ state }) => state);
const change = (device: TestDevice, step: 'rotate' | 'revoke') =>
  device.ask(`${routes.identityKeys}/${step}`, 'POST', {});
const deliver = async (token: string, to: TestRelay) => {
  const body = JSON.stringify({ token });
  return codeOf(await to.ask(routes.inbox, { method: 'POST', headers: json, body }));
};

describe('rotation on three relays', () => {
  let people: People;
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  let older = '';

  beforeAll(async () => {
    people = await createPeople('alice.test', 'bob.test', 'carol.test');
    [alice, bob, carol] = people.people as unknown as [TestDevice, TestDevice, TestDevice];
    await follow(bob, alice);
    await follow(carol, alice);
    [older = ''] = await keyNames(alice);
  });
  afterAll(() => people.network.close());

  const advance = async (ms: number) => {
    await people.network.advance(ms);
    for (const device of [alice, bob, carol]) device.forgetToken();
  };

  test('K5: a device that may not rotate is refused', async () => {
    const reader = await alice.enrolSecond([{ act: 'people/read', res: '*' }]);
    expect(codeOf(await change(reader, 'rotate'))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await change(reader, 'revoke'))).toBe('E-DELEGATION-SCOPE');
    expect(await statesOf(reader)).toEqual(['current']);
  });

  test('K5, K6: the new key is listed behind the one that signs, and signs nothing for a day', async () => {
    expect((await change(alice, 'rotate')).status).toBe(200);
    const { keys } = await profileOf(alice);
    expect(keys).toHaveLength(2);
    expect(keys[0]?.keyId).toBe(older);
    for (const { expiresAt } of keys) {
      expect(expiresAt).toBeGreaterThan(alice.seconds());
      expect(expiresAt).toBeLessThanOrEqual(alice.seconds() + 86_400);
    }
    const [receipt] = await alice.submit(
      await alice.draft({ t: 'POST', c: 'too early' }, { k: keys[1]!.keyId }),
    );
    expect(receipt).toMatchObject({ status: 'refused', code: 'E-KEY-UNKNOWN' });
    expect(codeOf(await change(alice, 'rotate'))).toBe('E-CORE-CONFLICT');
    const id = await tell(alice, { t: 'POST', c: 'by the old one' }, [bob, carol]);
    expect(claimsOf((await bob.eventually(id)).token).k).toBe(older);
  });

  test('K5: after a day it signs, and drafts that name the older one are countersigned and taken by neighbours', async () => {
    await advance(day + hour);
    const [newer = '', second] = await keyNames(alice);
    expect(newer).not.toBe(older);
    expect(second).toBe(older);
    expect(await statesOf(alice)).toEqual(['current', 'older']);
    const byNew = await tell(alice, { t: 'POST', c: 'by the new one' }, [bob, carol]);
    expect(claimsOf((await carol.eventually(byNew)).token).k).toBe(newer);
    const [receipt] = await alice.submit(await alice.draft({ t: 'POST', c: 'written before' }, { k: older }));
    if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
    for (const neighbour of [bob, carol])
      expect(claimsOf((await neighbour.eventually(receipt.actionId)).token).k).toBe(older);
  });

  test('K5, K6: it is retired when no draft can name it any more, and stays listed with a past end', async () => {
    await people.network.advance(38 * day);
    const listed = (await profileOf(alice)).keys.find(({ keyId }) => keyId === older);
    expect(listed?.expiresAt).toBeLessThan(alice.seconds());
    const [first] = await keyNames(alice);
    expect(first).not.toBe(older);
  });
});

describe('emergency revocation on three relays', () => {
  let people: People;
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  /** Countersigned before the revocation, and not delivered to anybody. */
  const old: string[] = [];
  let before: Awaited<ReturnType<typeof profileOf>>;

  /** Nothing is delivered to who is blocked. */
  const block = async (blocked: boolean) => {
    for (const { relay } of [bob, carol])
      await alice.ask(`${routes.people}/${relay.idTag}`, 'PUT', { blocked });
  };

  beforeAll(async () => {
    people = await createPeople('alice.test', 'bob.test', 'carol.test');
    [alice, bob, carol] = people.people as unknown as [TestDevice, TestDevice, TestDevice];
    const unheard = () => Promise.reject(new Error('cut off'));
    for (const other of [bob, carol]) await follow(other, alice);
    for (const other of [bob, carol]) await follow(alice, other);
    for (const other of [bob, carol]) await tell(alice, { t: 'POST', c: 'hello' }, [other]);
    await block(true);
    const drafts = Array.from({ length: 80 }, (_, i) =>
      alice.draft({ t: 'POST', c: `old ${i}`, _: nonce() }),
    );
    for (const receipt of await alice.submit(...(await Promise.all(drafts))))
      if (receipt.status === 'accepted') old.push(receipt.token);
    await block(false);
    before = await profileOf(alice);
    // Neighbours do not ask again for what they have just asked for.
    await people.network.advance(30_000);
    people.network.setDoor('cl-o.carol.test', unheard);
    // A connection that is kept would still bring her the news.
    await carol.relay.stop();
    await carol.relay.start();
  });
  afterAll(() => people.network.close());

  test('K7: what it signed is taken until then, and the key ends at once', async () => {
    expect(old).toHaveLength(80);
    expect(await deliver(old.pop()!, bob.relay)).toBe('202');
    expect((await change(alice, 'revoke')).status).toBe(200);
    const [key, revoked] = (await profileOf(alice)).keys;
    expect(key?.expiresAt).toBeGreaterThan(alice.seconds());
    expect(revoked?.keyId).toBe(before.keys[0]?.keyId);
    expect(revoked?.expiresAt).toBeLessThan(alice.seconds());
    expect(await statesOf(alice)).toEqual(['current', 'revoked']);
    const named = await alice.draft({ t: 'POST', c: 'again' }, { k: revoked!.keyId });
    expect((await alice.submit(named))[0]).toMatchObject({ status: 'refused', code: 'E-KEY-UNKNOWN' });
  });

  test('K7: the device log rests on the new key', async () => {
    const { keys } = await profileOf(alice);
    const { entries } = dataOf(await alice.relay.ask(routes.deviceLog), deviceLogSchema);
    for (const { entry, countersignature } of entries) {
      expect(countersignature.k).toBe(keys[0]?.keyId);
      await verifyLogCountersignature(entry, countersignature, keys);
    }
  });

  test('K8: a contact that is reached is told, looks itself, and takes nothing of the old key from then on', async () => {
    await eventually(
      'bob knows',
      async () => ((await deliver(old.pop()!, bob.relay)) === 'E-KEY-UNKNOWN' ? true : undefined),
      30_000,
    );
    for (const token of old.slice(0, 10)) expect(await deliver(token, bob.relay)).toBe('E-KEY-UNKNOWN');
    await follow(bob, alice);
    const id = await tell(alice, { t: 'POST', c: 'by the new one' }, [bob]);
    expect((await bob.eventually(id)).status).toBe('active');
  });

  test('K6, K7: who was not told finds out within a day, as every node does that keeps to expiresAt', async () => {
    const [key] = before.keys;
    expect(() => findKey(before.keys, key!.keyId, alice.seconds() + 86_400)).toThrow(
      expect.objectContaining({ code: 'E-KEY-UNKNOWN' }),
    );
    const token = old.at(-1)!;
    expect(await deliver(token, carol.relay)).toBe('202');
    await people.network.advance(day + hour);
    expect(await deliver(old.at(-2)!, carol.relay)).toBe('E-KEY-UNKNOWN');
    carol.forgetToken();
    expect((await carol.items()).filter(({ token: held }) => old.includes(held))).toHaveLength(1);
  });
});

describe('the hint', () => {
  test('K8: it is believed by nobody: who it names is asked, and a flood of it asks once', async () => {
    const people = await createPeople('alice.test');
    const [alice] = people.people;
    const stock = await openStockNode(people.network, 'carol.test');
    try {
      await alice.say({ t: 'FLLW', aud: 'carol.test' as typeof alice.relay.idTag, v: 'D' });
      await eventually('carol was looked at', async () => (stock.profileRequests > 0 ? true : undefined));
      await people.network.advance(60_000);
      const requests = stock.profileRequests;
      const hint = (idTag: string) =>
        alice.relay.ask(routes.changed, { method: 'POST', headers: json, body: JSON.stringify({ idTag }) });
      for (let i = 0; i < 30; i++) expect((await hint('carol.test')).status).toBe(202);
      await eventually('she is asked', async () => (stock.profileRequests > requests ? true : undefined));
      for (let i = 0; i < 30; i++) await hint('carol.test');
      expect(stock.profileRequests).toBe(requests + 1);
      expect((await hint('stranger.test')).status).toBe(202);
      expect(codeOf(await hint('Not a name'))).toBe('E-VAL-INVALID');
    } finally {
      await stock.close();
      await people.network.close();
    }
  });

  test('K8: contacts are told of new devices; a node that knows nothing of it is told once', async () => {
    const people = await createPeople('alice.test');
    const [alice] = people.people;
    const stock = await openStockNode(people.network, 'carol.test');
    try {
      await alice.say({ t: 'FLLW', aud: 'carol.test' as typeof alice.relay.idTag, v: 'D' });
      await eventually('carol was looked at', async () => (stock.profileRequests > 0 ? true : undefined));
      await people.network.advance(1000);
      await alice.enrolSecond(everything);
      await eventually('she is told', async () => (stock.hints === 1 ? true : undefined));
      await people.network.advance(day);
      expect(stock.hints).toBe(1);
    } finally {
      await stock.close();
      await people.network.close();
    }
  });
});
