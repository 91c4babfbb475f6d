import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import { createRandomId } from '../../shared/bytes.ts';
import { formatRoomFrame } from '../../shared/sync/room-frame.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { bombUpdate, flipBit } from '../socket/rooms/hostile-updates-fixture.ts';
import { TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { guestToken, RoomClient, share } from './room-client.ts';
import { RoomDevice } from './room-device.ts';

const newId = () => createRandomId(randomBytes);

describe('what a hostile guest can do to a room', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test', 'mallory.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let mallory: TestDevice;
  let bobToken: string;
  let malloryToken: string;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test', 'mallory.test');
    [alice, bob, mallory] = await Promise.all([
      TestDevice.enrolFirst(network, network.relays[0]),
      TestDevice.enrolFirst(network, network.relays[1]),
      TestDevice.enrolFirst(network, network.relays[2]),
    ]);
    [bobToken, malloryToken] = await Promise.all([
      guestToken(bob, alice.relay),
      guestToken(mallory, alice.relay),
    ]);
  });
  afterAll(() => network.close());

  /** A document of Alice's that Bob and Mallory may write in. */
  const write = async (words: string): Promise<string> => {
    const doc = newId();
    const device = await RoomDevice.open(alice, doc);
    device.text.insert(0, words);
    await device.whenStored();
    device.close();
    for (const guest of [bob, mallory]) await share(alice, doc, guest.relay.idTag);
    return doc;
  };
  const open = async (doc: string, token: string, deaf = false) => {
    const client = await RoomClient.open({ relay: alice.relay, doc, token, deaf });
    await client.whenSynced();
    return client;
  };
  /** The relay does its other work meanwhile; looked at until `until` is there. */
  const answersUntil = async (until: Promise<unknown>): Promise<number> => {
    const done = until.then(() => 'done');
    for (let answers = 0; ; answers++) {
      expect((await alice.relay.ask('/healthz')).status).toBe(200);
      if ((await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 20, ''))])) === 'done')
        return answers;
    }
  };

  test('Z2: frames that are none close with 4400, text too; larger ones than 4 MiB with 1009', async () => {
    const doc = await write('Words');
    const bad: ((socket: WebSocket) => void)[] = [
      (socket) => socket.send(new Uint8Array([0])),
      (socket) => socket.send(new Uint8Array([])),
      (socket) => socket.send(new Uint8Array([9, 1, 2])),
      (socket) => socket.send(new Uint8Array([0, 3, 1, 1])),
      (socket) => socket.send(new Uint8Array([0, 2, 200, 1, 1])),
      (socket) => socket.send(new Uint8Array([0, 2, 255, 255, 255, 255, 255, 255, 255, 127])),
      (socket) =>
        socket.send(
          new Uint8Array([...formatRoomFrame({ kind: 'update', update: new Uint8Array([0, 0]) }), 1]),
        ),
      (socket) => socket.send(new Uint8Array([0, 0, 3, 1, 1, 255])),
      (socket) => socket.send('text'),
    ];
    for (const send of bad) {
      const client = await open(doc, malloryToken);
      send(client.connection);
      expect((await client.whenClosed()).code).toBe(4400);
    }
    const client = await open(doc, malloryToken);
    client.connection.send(new Uint8Array(4 * 1024 * 1024 + 1));
    expect([1006, 1009]).toContain((await client.whenClosed()).code);
    const passedOver = await open(doc, malloryToken);
    passedOver.connection.send(new Uint8Array([3]));
    passedOver.connection.send(new Uint8Array([2, 0, 1]));
    passedOver.text.insert(0, '!');
    await passedOver.whenStored();
    passedOver.close();
  });

  test('Z2: a message in 20,000 fragments does not gather on the relay', async () => {
    const doc = await write('Words');
    const client = await open(doc, malloryToken);
    for (let i = 0; i < 20_000 && client.closed === undefined; i++)
      client.connection.send(new Uint8Array([0]), { fin: false });
    expect([1006, 1008, 1009, 1002]).toContain((await client.whenClosed()).code);
  });

  test('Z4: 60 mutants of an update: those that are refused close with 4400 and are not stored; Bob edits on', async () => {
    const dice = createDice();
    const doc = await write('Words');
    const friend = await open(doc, bobToken);
    const source = new Y.Doc();
    source.getText('text').insert(0, 'mutated');
    const good = Y.encodeStateAsUpdate(source);
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const client = await open(doc, malloryToken);
      client.send({
        kind: 'update',
        update: i % 2 ? flipBit(good, dice) : good.slice(0, Math.floor(dice() * good.length)),
      });
      client.send({ kind: 'step1', vector: new Uint8Array([0]) });
      const before = client.frames.length;
      await expect
        .poll(
          () =>
            client.closed !== undefined || client.frames.slice(before).some(({ kind }) => kind === 'step2'),
        )
        .toBe(true);
      if (client.closed?.code === 4400) refused++;
      else expect(client.closed).toBeUndefined();
      client.close();
    }
    expect(refused).toBeGreaterThan(12);
    friend.text.insert(0, 'Still: ');
    await friend.whenStored();
    expect(friend.closed).toBeUndefined();
    const device = await RoomDevice.open(alice, doc);
    expect(device.text.toString()).toBe(friend.text.toString());
    device.close();
    friend.close();
  });

  test('Z4, Z10: 3,000 edits in a row are stored in order while the relay answers others', async () => {
    const doc = await write('');
    const client = await open(doc, malloryToken);
    for (let i = 0; i < 3_000; i++) client.text.insert(client.text.length, String(i % 10));
    await answersUntil(client.whenStored());
    const device = await RoomDevice.open(alice, doc);
    expect(device.text.toString()).toBe(client.text.toString());
    device.close();
    client.close();
  });

  test('Z10: what breaks the reading thread closes that room and keeps its sender out; other rooms go on', async () => {
    const [doc, other] = [await write('Target'), await write('Elsewhere')];
    const [victim, friend] = [await open(doc, bobToken, true), await open(other, bobToken)];
    const attacker = await open(doc, malloryToken, true);
    for (let i = 1; i < 6; i++) attacker.send({ kind: 'update', update: bombUpdate(i) });
    await answersUntil(attacker.whenClosed(90_000));
    for (const one of [attacker, victim]) expect((await one.whenClosed()).code).toBe(4500);
    const again = await RoomClient.open({ relay: alice.relay, doc, token: malloryToken });
    const { code, reason } = await again.whenClosed();
    expect({ code, reason }).toEqual({
      code: 4403,
      reason: 'what you sent could not be read; try again later',
    });
    friend.text.insert(0, 'Still ');
    await friend.whenStored();
    expect(friend.closed).toBeUndefined();
    await friend.whenText('Still Elsewhere');
    friend.close();
  }, 120_000);

  test('Z4: a guest does not make a document read-only for everybody by saying that it is of a later version', async () => {
    const doc = await write('Words');
    const friend = await open(doc, bobToken);
    for (const meta of [{ schema: 99 }, { schema: 1 }, { type: 'text', schema: Infinity }]) {
      const attacker = await open(doc, malloryToken, true);
      attacker.ydoc.transact(() => {
        attacker.text.insert(0, 'Bad ');
        for (const [key, value] of Object.entries(meta)) attacker.ydoc.getMap('meta').set(key, value);
      });
      expect((await attacker.whenClosed()).code).toBe(4400);
    }
    friend.text.insert(0, 'Good ');
    await friend.whenStored();
    const device = await RoomDevice.open(alice, doc);
    expect(device.text.toString()).toBe('Good Words');
    expect(device.ydoc.getMap('meta').toJSON()).toEqual({});
    device.ydoc.getMap('meta').set('schema', 1);
    await device.whenStored();
    device.close();
    friend.close();
  });

  test('Z4: a guest fills the log with so much an hour and no more, in all documents together', async () => {
    const words = 'x'.repeat(2_900_000);
    let added = 0;
    let closed: number | undefined;
    for (const doc of [await write('One'), await write('Two'), await write('Three')]) {
      const client = await open(doc, malloryToken, true);
      for (let i = 0; i < 5 && !closed; i++) {
        client.text.insert(0, words);
        await expect.poll(() => client.waiting === 0 || client.closed).toBeTruthy();
        closed = client.closed?.code;
        added += closed ? 0 : words.length;
      }
      client.close();
    }
    expect(closed).toBe(4500);
    // She has added some in the tests before.
    expect(added).toBeGreaterThan(16 * 1024 * 1024);
    expect(added).toBeLessThan(36 * 1024 * 1024);
    const friend = await open(await write('Four'), bobToken);
    friend.text.insert(0, '!');
    await friend.whenStored();
    friend.close();
  }, 120_000);
});
