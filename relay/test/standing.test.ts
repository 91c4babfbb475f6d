import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { everything } from '../../shared/device/capability.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { relationsSchema, routes, trustSchema } from '../../shared/routes.ts';
import { codeOf, dataOf, nonce, TestDevice } from './device.ts';
import {
  connect,
  createPeople,
  follow,
  held,
  isConnected,
  type People,
  relationOf,
  tell,
} from './friends.ts';
import { askAs, visit } from './guest.ts';
import { eventually } from './network.ts';
import { guestToken, RoomClient, share } from './room-client.ts';

const document = 'aBcDeFgHiJkLmNoPqRsTuVwX';

describe('blocking', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;

  beforeEach(async () => {
    const made = await createPeople('alice.test', 'bob.test');
    network = made.network;
    [alice, bob] = made.people;
    await connect(alice, bob);
  });
  afterEach(() => network.close());

  const set = (change: object) => alice.ask(`${routes.people}/bob.test`, 'PUT', change);

  test('Y8: who is blocked neither follows nor is connected, is refused by name, and comes back when asked anew', async () => {
    const token = await visit(bob, alice.relay);
    expect((await set({ blocked: true })).status).toBe(200);
    expect(await relationOf(alice, bob)).toMatchObject({ blocked: true, follower: false, connected: 'none' });
    for (const path of [routes.outbox, `${routes.accessToken}?scope=file:${document}:R`])
      expect(codeOf(await askAs(alice.relay, token, path))).toBe('E-AUTH-NOPERM');
    const renewal = await bob.ask(`${routes.proxyToken}?idTag=alice.test&renew=true`);
    expect(codeOf(renewal)).toBe('E-AUTH-NOPERM');
    const post = await bob.say({ t: 'POST', c: 'Can you hear me?', v: 'F' });
    const refused = await bob.eventually(post, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect(refused.deliveries[0]?.reason).toMatch(/E-ACTION-PERMISSION/);
    expect((await held(alice, 'POST')).map(({ claims }) => claims.iss)).toEqual([]);
    await set({ blocked: false });
    expect(await relationOf(alice, bob)).toMatchObject({ blocked: false, connected: 'none' });
    await alice.say({ t: 'CONN', aud: bob.relay.idTag, v: 'D', iat: alice.seconds() + 1 });
    await isConnected(bob, alice);
  });

  test('Y8: nothing goes to who is blocked, what waited included', async () => {
    await bob.relay.stop();
    const waiting = await alice.say({ t: 'POST', c: 'Before', v: 'C' });
    await set({ blocked: true });
    const later = await alice.say({ t: 'POST', c: 'After', v: 'C' });
    const stopped = await alice.eventually(waiting, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect(stopped.deliveries[0]?.reason).toBe('you have blocked its receiver');
    expect((await alice.eventually(later)).deliveries).toEqual([]);
    await bob.relay.start();
    await network.advance(24 * 3_600_000);
    bob.forgetToken();
    expect((await held(bob, 'POST')).map(({ claims }) => claims.c)).toEqual([]);
  });

  test('Y8: in the middle of an open document the socket closes', async () => {
    await share(alice, document, bob.relay.idTag);
    const token = await guestToken(bob, alice.relay, `file:${document}:W`);
    const client = await RoomClient.open({ relay: alice.relay, doc: document, token });
    expect(client.closed).toBeUndefined();
    await set({ blocked: true });
    await eventually('it is closed', async () => client.closed);
    expect([4401, 4403]).toContain(client.closed?.code);
  });

  test('Y8: only a device that may; nobody blocks the identity itself', async () => {
    const reader = await alice.enrolSecond([{ act: 'people/read', res: '*' }]);
    expect(codeOf(await reader.ask(`${routes.people}/bob.test`, 'PUT', { muted: true }))).toBe(
      'E-DELEGATION-SCOPE',
    );
    expect(codeOf(await alice.ask(`${routes.people}/alice.test`, 'PUT', { muted: true }))).toBe(
      'E-VAL-INVALID',
    );
    expect(codeOf(await set({ muted: 'yes' }))).toBe('E-VAL-INVALID');
    expect(codeOf(await askAs(alice.relay, await visit(bob, alice.relay), routes.people))).toBe(
      'E-AUTH-UNAUTH',
    );
  });

  test('Y8: who is muted goes on being taken, and a stranger may be blocked before ever writing', async () => {
    await set({ muted: true });
    expect(await relationOf(alice, bob)).toMatchObject({ muted: true, connected: 'connected' });
    await tell(bob, { t: 'POST', c: 'Still here', v: 'F' }, [alice]);
    await alice.ask(`${routes.people}/carol.test`, 'PUT', { blocked: true });
    const { people } = dataOf(await alice.ask(routes.people), relationsSchema);
    expect(people.find(({ idTag }) => idTag === 'carol.test')).toMatchObject({
      blocked: true,
      type: 'person',
    });
  });
});

describe('keys and devices of a neighbour', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;

  beforeAll(async () => {
    const made = await createPeople('alice.test', 'bob.test');
    network = made.network;
    [alice, bob] = made.people;
  });
  afterAll(() => network.close());

  const untilTrust = (state: string) =>
    eventually(`it is ${state}`, async () => {
      alice.forgetToken();
      const relation = await relationOf(alice, bob);
      return relation?.trust?.state === state ? relation.trust : undefined;
    });

  test('L6, Y7: pinned at the first contact, and when devices are added', async () => {
    await follow(alice, bob);
    const first = await untilTrust('pinned');
    await bob.enrolSecond(everything);
    await network.advance(25 * 3_600_000);
    expect(await untilTrust('pinned')).toEqual(first);
    const shown = await alice.ask(`${routes.people}/bob.test`);
    const schema = v.object({ ...profileSchema.entries, trust: trustSchema, following: v.boolean() });
    expect(dataOf(shown, schema)).toMatchObject({ idTag: 'bob.test', following: true, trust: first });
  });

  test('Y7: another relay under the same name is changed, until a device accepts it', async () => {
    const { folder } = bob.relay;
    await bob.relay.stop();
    const { rm } = await import('node:fs/promises');
    await rm(folder, { recursive: true });
    await bob.relay.start();
    bob = await TestDevice.enrolFirst(network, bob.relay);
    await network.advance(11_000);
    // Whoever looks it up sees it at once, on all devices.
    alice.forgetToken();
    const socket = await alice.sync(nonce());
    await socket.next('current');
    await alice.ask(`${routes.people}/bob.test`);
    expect(await socket.next('wake')).toMatchObject({ topic: 'actions' });
    socket.close();
    const { at } = await untilTrust('changed');
    await network.advance(25 * 3_600_000);
    expect(await untilTrust('changed')).toEqual({ state: 'changed', at });
    alice.forgetToken();
    expect((await alice.ask(`${routes.people}/bob.test`, 'PUT', { trust: 'accepted' })).status).toBe(200);
    const settled = await untilTrust('pinned');
    expect(settled.at).toBeGreaterThan(at);
  });
});
