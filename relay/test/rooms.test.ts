import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createRandomId } from '../../shared/bytes.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { guestAuthor, signBatch, verifyGuestBatch } from '../../shared/sync/row.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { codeOf, dataOf, nonce, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { guestToken, RoomClient, share } from './room-client.ts';
import { batchesOf, RoomDevice } from './room-device.ts';

const newId = () => createRandomId(randomBytes);
type Closing = { close(): void };

describe('a document that neighbours and devices edit together', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test', 'carol.test']>>>;
  let alice: TestDevice;
  let phone: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  let opened: Closing[] = [];

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test', 'carol.test');
    [alice, bob, carol] = await Promise.all([
      TestDevice.enrolFirst(network, network.relays[0]),
      TestDevice.enrolFirst(network, network.relays[1]),
      TestDevice.enrolFirst(network, network.relays[2]),
    ]);
    phone = await alice.enrolSecond();
  });
  afterEach(() => {
    for (const one of opened) one.close();
    opened = [];
  });
  afterAll(() => network.close());

  const openAt = async (doc: string, token: string | undefined, access?: string) => {
    const { relay } = alice;
    const client = await RoomClient.open({ relay, doc, ...(token && { token }), ...(access && { access }) });
    opened.push(client);
    return client;
  };
  const openDevice = async (device: TestDevice, doc: string) => {
    const one = await RoomDevice.open(device, doc);
    opened.push(one);
    return one;
  };
  /** A document with these words, written by Alice's laptop. */
  const write = async (words: string): Promise<string> => {
    const doc = newId();
    const device = await RoomDevice.open(alice, doc);
    device.text.insert(0, words);
    await device.whenStored();
    device.close();
    return doc;
  };
  const shareWith = async (guest: TestDevice, doc: string, level?: Parameters<typeof share>[3]) => {
    await share(alice, doc, guest.relay.idTag, level);
    return guestToken(guest, alice.relay);
  };

  test('Z1, Z3, Z5, Z6: a guest opens what a device wrote; what it writes reaches the device as a row of its name', async () => {
    const doc = await write('Hello');
    const token = await shareWith(bob, doc);
    const device = await openDevice(phone, doc);
    const client = await openAt(doc, token, 'write');
    await client.whenText('Hello');
    expect(client.frames[0]).toEqual({
      kind: 'step1',
      vector: Y.encodeStateVector(client.ydoc),
    });
    client.text.insert(5, ', Bob');
    await device.whenText('Hello, Bob');
    await client.whenStored();
    const [row] = device.socket.frames.flatMap(batchesOf).filter(({ device: author }) => author[0] === '@');
    expect(row).toMatchObject({ device: '@bob.test', first: 0 });
    const { keys } = dataOf(await alice.relay.ask(routes.me), profileSchema);
    await verifyGuestBatch(alice.relay.idTag, row!, keys);
    device.text.insert(0, '> ');
    await client.whenText('> Hello, Bob');
    const later = await openDevice(alice, doc);
    await later.whenText('> Hello, Bob');
  });

  test('Z5, S10: two guests and two devices edit at once, seeded; all agree, and what was confirmed is there after a restart', async () => {
    const dice = createDice();
    const doc = await write('Plans: ');
    const guests = await Promise.all([
      shareWith(bob, doc).then((token) => openAt(doc, token)),
      shareWith(carol, doc).then((token) => openAt(doc, token)),
    ]);
    const devices = await Promise.all([openDevice(alice, doc), openDevice(phone, doc)]);
    await Promise.all(guests.map((guest) => guest.whenText('Plans: ')));
    const all = [...guests, ...devices];
    for (let i = 0; i < 120; i++) {
      const { text } = all[Math.floor(dice() * all.length)]!;
      const at = Math.floor(dice() * (text.length + 1));
      if (dice() < 0.25 && at < text.length) text.delete(at, 1);
      else text.insert(at, String.fromCharCode(97 + Math.floor(dice() * 26)));
      if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, dice() * 10));
    }
    await Promise.all(all.map((one) => one.whenStored()));
    await Promise.all(all.map((one) => one.whenText(devices[0]!.text.toString())));
    const words = devices[0]!.text.toString();
    expect(words.length).toBeGreaterThan(20);

    await alice.relay.stop();
    await alice.relay.start();
    for (const device of [alice, phone]) device.forgetToken();
    const after = await openDevice(phone, doc);
    expect(after.text.toString()).toBe(words);
    const back = await openAt(doc, await guestToken(bob, alice.relay));
    await back.whenText(words);
  });

  test('Z4: edits of who may only read are passed over in silence', async () => {
    const doc = await write('Look');
    for (const level of ['', ':COMMENT'] as const) {
      const reader = await openAt(doc, await shareWith(bob, doc, level));
      await reader.whenText('Look');
      reader.text.insert(0, 'Do not ');
      // The answer to this comes behind whatever there was to say to the edit.
      const before = reader.frames.length;
      reader.send({ kind: 'step1', vector: Y.encodeStateVector(new Y.Doc()) });
      await expect.poll(() => reader.frames.slice(before).some(({ kind }) => kind === 'step2')).toBe(true);
      expect(reader.frames.some(({ kind }) => kind === 'update')).toBe(false);
      expect(reader.closed).toBeUndefined();
      const device = await openDevice(phone, doc);
      expect(device.text.toString()).toBe('Look');
    }
    const careful = await openAt(doc, await shareWith(bob, doc, ':WRITE'), 'read');
    await careful.whenText('Look');
    careful.text.insert(4, '!');
    const bold = await openAt(doc, await guestToken(bob, alice.relay));
    await bold.whenText('Look');
    bold.text.insert(0, 'Now ');
    await careful.whenText('Now Look!');
    await bold.whenStored();
    expect(bold.text.toString()).toBe('Now Look');
  });

  test('Z4: an edit with nothing new comes back too, once what was before it is stored', async () => {
    const doc = await write('Once');
    const client = await openAt(doc, await shareWith(bob, doc));
    await client.whenText('Once');
    client.text.insert(0, 'At ');
    await client.whenStored();
    const again = Y.encodeStateAsUpdate(client.ydoc);
    client.send({ kind: 'update', update: again });
    await expect
      .poll(() =>
        client.frames.some((frame) => frame.kind === 'update' && Buffer.from(frame.update).equals(again)),
      )
      .toBe(true);
    const device = await openDevice(phone, doc);
    const own = device.socket.frames
      .flatMap(batchesOf)
      .filter(({ device: author }) => author === '@bob.test');
    expect(own.flatMap(({ rows }) => rows.filter((row) => row.doc === doc))).toHaveLength(1);
  });

  test('Z6: a device cannot bring rows in the name of a guest, whoever signed them', async () => {
    const doc = await write('Mine');
    const device = await openDevice(phone, doc);
    const rows = [{ doc, update: Y.encodeStateAsUpdate(new Y.Doc()) }];
    const unsigned = { session: nonce(), first: 0, time: network.now(), rows };
    const batch = await signBatch(
      alice.relay.idTag,
      { ...unsigned, device: guestAuthor(bob.relay.idTag) },
      phone.keys.sign,
    );
    device.socket.send({ kind: 'push', batches: [batch] });
    expect((await device.socket.next('error')).code).toBe('E-ROW-INVALID');
    expect(await device.socket.untilClosed()).toBe(4400);
  });

  test('Z9: what a shared document is is told to those it is shared with; it has no bytes', async () => {
    const doc = await write('Named');
    const token = await shareWith(bob, doc, '');
    const ask = (path: string, shown: string) =>
      alice.relay.ask(`${routes.files}/${doc}${path}`, { headers: { authorization: `Bearer ${shown}` } });
    const answer = (await ask('/metadata', token)).json();
    expect(answer).toMatchObject({
      data: { contentType: 'islet/text', fileName: 'Plans', fileTp: 'CRDT', accessLevel: 'read' },
    });
    expect((await alice.ask(`${routes.store}/${doc}/metadata`)).json()).toMatchObject({
      data: { accessLevel: 'admin' },
    });
    expect(codeOf(await ask('/metadata', await guestToken(carol, alice.relay)))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await ask('', token))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await alice.relay.ask(`${routes.files}/${doc}/metadata`))).toBe('E-AUTH-UNAUTH');
    expect(codeOf(await alice.ask(`${routes.files}/${newId()}/metadata`))).toBe('E-CORE-NOTFOUND');
  });
});
