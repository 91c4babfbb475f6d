import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRandomId } from '../../shared/bytes.ts';
import { routes } from '../../shared/routes.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { guestToken, RoomClient, share } from './room-client.ts';
import { RoomDevice } from './room-device.ts';

const newId = () => createRandomId(randomBytes);

describe('who gets into a room, and for how long', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test', 'carol.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  let doc: string;
  let clients: RoomClient[] = [];

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test', 'carol.test');
    [alice, bob, carol] = await Promise.all([
      TestDevice.enrolFirst(network, network.relays[0]),
      TestDevice.enrolFirst(network, network.relays[1]),
      TestDevice.enrolFirst(network, network.relays[2]),
    ]);
    doc = await write('Words');
  });
  afterEach(() => {
    for (const client of clients) client.close();
    clients = [];
  });
  afterAll(() => network.close());

  const write = async (words: string): Promise<string> => {
    const id = newId();
    const device = await RoomDevice.open(alice, id);
    device.text.insert(0, words);
    await device.whenStored();
    device.close();
    return id;
  };
  const open = async (of: { doc?: string; token?: string; access?: string; at?: TestDevice }) => {
    const { relay } = of.at ?? alice;
    const { token, access } = of;
    const client = await RoomClient.open({
      ...{ relay, doc: of.doc ?? doc, origin: 'https://pages.bob.test' },
      ...(token !== undefined && { token }),
      ...(access !== undefined && { access }),
    });
    clients.push(client);
    return client;
  };
  const codeAt = async (of: Parameters<typeof open>[0]) => (await (await open(of)).whenClosed()).code;
  const scoped = (level: string, of = doc) => guestToken(bob, alice.relay, `file:${of}:${level}`);

  test('Z1: the token is needed, and must be one of this relay for a guest or a device', async () => {
    expect(await codeAt({})).toBe(4401);
    for (const token of ['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', `${'a'.repeat(3000)}.b.c`])
      expect(await codeAt({ token })).toBe(4401);
    await share(alice, doc, bob.relay.idTag);
    const atCarol = await guestToken(bob, carol.relay);
    expect(await codeAt({ token: atCarol })).toBe(4401);
    expect(await codeAt({ token: await bob.accessToken() })).toBe(4401);
    const good = await guestToken(bob, alice.relay);
    expect(await codeAt({ token: `${good.slice(0, -2)}AA` })).toBe(4401);
    expect(await codeAt({ token: good, at: carol })).toBe(4401);
  });

  test('Z1: what is not shared is 4403, whether it is there or not; what is not there is 4404 for a device', async () => {
    const other = await write('Private');
    const token = await guestToken(bob, alice.relay);
    expect(await codeAt({ token, doc: other })).toBe(4403);
    expect(await codeAt({ token, doc: newId() })).toBe(4403);
    expect(await codeAt({ token: await guestToken(carol, alice.relay) })).toBe(4403);
    const own = await alice.accessToken();
    expect(await codeAt({ token: own, doc: newId() })).toBe(4404);
    for (const id of ['index', 'short', '..%2Fetc', `${doc}x`, `${doc}%00`])
      expect(await codeAt({ token: own, doc: id })).toBe(4404);
  });

  test('Z1: no more than the share, the scope and `access` say, and no other document than the scope names', async () => {
    const levels = { '': 'R', ':COMMENT': 'C', ':WRITE': 'W' } as const;
    const ranks = { R: 0, C: 1, W: 2 };
    for (const [subtype, level] of Object.entries(levels)) {
      await share(alice, doc, bob.relay.idTag, subtype as keyof typeof levels);
      for (const scope of ['R', 'C', 'W'] as const) {
        const token = await scoped(scope);
        const may = Math.min(ranks[level], ranks[scope]);
        const client = await open({ token });
        await client.whenText('Words');
        for (const [access, needs] of [
          ['comment', 1],
          ['write', 2],
        ] as const) {
          const asking = await open({ token, access });
          if (may < needs) expect((await asking.whenClosed()).code).toBe(4403);
          else await asking.whenText('Words');
        }
      }
    }
    const other = await write('Other');
    await share(alice, other, bob.relay.idTag);
    expect(await codeAt({ token: await scoped('W'), doc: other })).toBe(4403);
  });

  test('Z1: a device of the owner writes, with its own token or with one for the document', async () => {
    const own = await write('Own');
    const narrow = await alice.ask(`${routes.accessToken}?scope=file:${own}:W`);
    const { token } = (narrow.json() as { data: { token: string } }).data;
    for (const shown of [await alice.accessToken(), token]) {
      const client = await open({ token: shown, doc: own, access: 'write' });
      await client.whenSynced();
      client.text.insert(0, '+');
      await client.whenStored();
    }
    expect(await codeAt({ token, doc })).toBe(4403);
    const device = await RoomDevice.open(alice, own);
    expect(device.text.toString()).toBe('++Own');
    device.close();
  });

  test('Z8: a share that is revoked closes the socket, and the next open is refused with the reason', async () => {
    await share(alice, doc, bob.relay.idTag);
    await share(alice, doc, carol.relay.idTag, '');
    const token = await scoped('W');
    const [client, other] = [
      await open({ token }),
      await open({ token: await guestToken(carol, alice.relay) }),
    ];
    await Promise.all([client.whenSynced(), other.whenSynced()]);
    await share(alice, doc, bob.relay.idTag, ':DEL');
    const { code, reason } = await client.whenClosed();
    expect({ code, reason }).toEqual({ code: 4403, reason: 'this is not shared with you' });
    expect(await codeAt({ token })).toBe(4403);
    expect(other.closed).toBeUndefined();
  });

  test('Z8: a share that is lowered closes who wrote; it may come again and read', async () => {
    await share(alice, doc, bob.relay.idTag);
    const token = await guestToken(bob, alice.relay);
    const client = await open({ token });
    await client.whenSynced();
    await share(alice, doc, bob.relay.idTag, '');
    expect((await client.whenClosed()).code).toBe(4403);
    expect(await codeAt({ token, access: 'write' })).toBe(4403);
    const reader = await open({ token, access: 'read' });
    await reader.whenText('Words');
    await share(alice, doc, bob.relay.idTag);
    await reader.whenText('Words');
    expect(reader.closed).toBeUndefined();
  });

  test('Z8: somebody who is blocked is sent away', async () => {
    await share(alice, doc, carol.relay.idTag);
    const token = await guestToken(carol, alice.relay);
    const client = await open({ token });
    await client.whenSynced();
    await alice.ask(`${routes.people}/${carol.relay.idTag}`, 'PUT', { blocked: true });
    expect((await client.whenClosed()).code).toBe(4403);
    expect(await codeAt({ token })).toBe(4403);
    await alice.ask(`${routes.people}/${carol.relay.idTag}`, 'PUT', { blocked: false });
  });

  test('Z8: when the hour of the token is over, and when the device is removed, 4401', async () => {
    await share(alice, doc, bob.relay.idTag);
    const old = await alice.enrolSecond();
    const [guest, device] = [
      await open({ token: await guestToken(bob, alice.relay) }),
      await open({ token: await old.accessToken() }),
    ];
    await Promise.all([guest.whenSynced(), device.whenSynced()]);
    await alice.remove(old.keys.did);
    expect((await device.whenClosed()).code).toBe(4401);
    expect(guest.closed).toBeUndefined();
    await network.advance(3_601_000);
    expect((await guest.whenClosed()).code).toBe(4401);
    for (const one of [alice, bob, carol]) one.forgetToken();
  });
});
