import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRandomId } from '../../shared/bytes.ts';
import {
  type AwarenessEntry,
  type AwarenessState,
  formatAwareness,
  parseAwareness,
} from '../../shared/sync/awareness.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { nonce, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { guestToken, RoomClient, share } from './room-client.ts';
import { RoomDevice } from './room-device.ts';

const doc = createRandomId(randomBytes);

describe('Z7: carets in a room', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let token: string;
  let opened: { close(): void }[] = [];

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    [alice, bob] = await Promise.all([
      TestDevice.enrolFirst(network, network.relays[0]),
      TestDevice.enrolFirst(network, network.relays[1]),
    ]);
    const device = await RoomDevice.open(alice, doc);
    device.text.insert(0, 'Words');
    await device.whenStored();
    device.close();
    await share(alice, doc, bob.relay.idTag);
    token = await guestToken(bob, alice.relay);
  });
  afterEach(() => {
    for (const one of opened) one.close();
    opened = [];
  });
  afterAll(() => network.close());

  const open = async () => {
    const client = await RoomClient.open({ relay: alice.relay, doc, token });
    opened.push(client);
    await client.whenSynced();
    return client;
  };
  const openSocket = async () => {
    const socket = await alice.sync(nonce());
    opened.push(socket);
    await socket.next('current');
    return socket;
  };
  /** What somebody was told of this client id last. */
  const stateAt = (client: RoomClient, id: number): AwarenessState | null | undefined =>
    client.frames
      .flatMap((frame) => (frame.kind === 'awareness' ? parseAwareness(frame.states) : []))
      .findLast((entry) => entry.client === id)?.state;
  const seen = (client: RoomClient, id: number, wanted: (state: AwarenessState | null) => boolean) =>
    eventually('the caret is seen', async () => {
      const state = stateAt(client, id);
      return state !== undefined && wanted(state) ? true : undefined;
    });
  const say = (client: RoomClient, ...entries: AwarenessEntry[]): void =>
    client.send({ kind: 'awareness', states: formatAwareness(entries) });
  const named = (name: string, idTag?: string): AwarenessState => ({
    user: { name, ...(idTag && { idTag }) },
    cursor: 3,
  });

  test('Z7: the name is who sent it, for guests and for devices; the sender hears it too', async () => {
    const [one, two] = [await open(), await open()];
    const socket = await openSocket();
    say(one, { client: 11, clock: 1, state: named('Bob', 'alice.test') });
    const stamped = { user: { name: 'Bob', idTag: 'bob.test' }, cursor: 3 };
    for (const client of [one, two]) {
      await seen(client, 11, (state) => state !== null);
      expect(stateAt(client, 11)).toEqual(stamped);
    }
    const frame = await socket.next('awareness', ({ doc: of }) => of === doc);
    expect(parseAwareness(frame.states)).toEqual([{ client: 11, clock: 1, state: stamped }]);
    const fromDevice = formatAwareness([{ client: 12, clock: 1, state: named('Chrome, Linux', 'bob.test') }]);
    socket.send({ kind: 'awareness', doc, states: fromDevice });
    await seen(two, 12, (state) => state !== null);
    // What a device is called among the owner's own is not for guests.
    expect(stateAt(two, 12)).toEqual({ user: { name: 'alice.test', idTag: 'alice.test' }, cursor: 3 });
    say(one, { client: 13, clock: 1, state: { cursor: 1 } });
    await seen(two, 13, (state) => state !== null);
    expect(stateAt(two, 13)).toEqual({ cursor: 1 });
  });

  test('Z7: a client id is of the connection that named it first, and free again when that ends', async () => {
    const [one, two] = [await open(), await open()];
    const socket = await openSocket();
    say(one, { client: 21, clock: 1, state: named('Bob') });
    await seen(two, 21, (state) => state !== null);
    say(
      two,
      { client: 21, clock: 9, state: named('Mallory') },
      { client: 22, clock: 1, state: named('Two') },
    );
    await seen(one, 22, (state) => state !== null);
    say(two, { client: 21, clock: 10, state: null }, { client: 22, clock: 2, state: named('Still') });
    await seen(one, 22, (state) => JSON.stringify(state).includes('Still'));
    expect(JSON.stringify(stateAt(one, 21))).toContain('"Bob"');
    one.close();
    await seen(two, 21, (state) => state === null);
    await socket.next('awareness', ({ states }) =>
      parseAwareness(states).some(({ client, state }) => client === 21 && state === null),
    );
    say(two, { client: 21, clock: 30, state: named('Mine now') });
    await seen(two, 21, (state) => JSON.stringify(state).includes('Mine now'));
  });

  test('Z7: who comes later is told at once; a device that leaves takes its carets with it', async () => {
    const socket = await openSocket();
    const one = await open();
    const states = formatAwareness([{ client: 31, clock: 1, state: named('Alice') }]);
    socket.send({ kind: 'awareness', doc, states });
    await seen(one, 31, (state) => state !== null);
    const later = await open();
    await seen(later, 31, (state) => state !== null);
    socket.close();
    await seen(later, 31, (state) => state === null);
  });

  test('Z7: eight client ids to a connection; the rest is left out', async () => {
    const [one, two] = [await open(), await open()];
    for (let i = 0; i < 12; i++) say(one, { client: 100 + i, clock: 1, state: named(`window ${i}`) });
    say(one, { client: 107, clock: 2, state: named('last') });
    await seen(two, 107, (state) => JSON.stringify(state).includes('last'));
    for (let i = 0; i < 12; i++) expect(stateAt(two, 100 + i) !== undefined).toBe(i < 8);
    say(one, { client: 100, clock: 2, state: null }, { client: 111, clock: 2, state: named('now') });
    await seen(two, 111, (state) => state !== null);
  });

  test.each<[string, Uint8Array]>([
    [
      'more than 64 KiB',
      formatAwareness([{ client: 1, clock: 1, state: { user: { name: 'x'.repeat(70_000) } } }]),
    ],
    ['a state that is no JSON', new Uint8Array([1, 1, 1, 2, 123, 123])],
    ['a list that ends too early', new Uint8Array([9, 1, 1, 2, 123, 125])],
    ['a clock beyond counting', new Uint8Array([1, 1, 255, 255, 255, 255, 255, 255, 255, 15, 2, 123, 125])],
    ['too many', new Uint8Array([255, 255, 255, 127])],
    ['a state nested 10,000 deep', deep(10_000)],
  ])('Z7: %s closes with 4400, and nobody hears of it', async (_what, states) => {
    const [bad, other] = [await open(), await open()];
    bad.send({ kind: 'awareness', states });
    expect((await bad.whenClosed()).code).toBe(4400);
    expect(other.closed).toBeUndefined();
    expect(stateAt(other, 1)).toBeUndefined();
  });

  test('Z7: a user that is no object is left out', async () => {
    const [one, two] = [await open(), await open()];
    const users = ['alice.test', [{ idTag: 'alice.test' }], null, 7];
    users.forEach((user, i) => say(one, { client: 50 + i, clock: 1, state: { user } }));
    say(one, { client: 60, clock: 1, state: named('Bob') });
    await seen(two, 60, (state) => state !== null);
    for (const i of users.keys()) expect(stateAt(two, 50 + i)).toBeUndefined();
    expect(one.closed).toBeUndefined();
  });

  test('Z7: what is no caret from a device is passed over, and the device stays', async () => {
    const socket = await openSocket();
    const client = await open();
    socket.send({ kind: 'awareness', doc, states: new Uint8Array([7]) });
    const states = formatAwareness([{ client: 41, clock: 1, state: named('Alice') }]);
    socket.send({ kind: 'awareness', doc, states });
    await seen(client, 41, (state) => state !== null);
    expect(socket.closed).toBeUndefined();
  });
});

/** Written by hand: it is nested deeper than what may be written by itself. */
function deep(levels: number): Uint8Array {
  const text = new TextEncoder().encode(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
  const length = [(text.length & 127) | 128, ((text.length >> 7) & 127) | 128, text.length >> 14];
  return new Uint8Array([1, 1, 1, ...length, ...text]);
}
