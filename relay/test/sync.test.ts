import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { formatDeviceFrame } from '../../shared/sync/frame.ts';
import { nextChain } from '../../shared/sync/row.ts';
import { nonce, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { TestSocket } from './socket.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const doc = 'abcdefghijklmnopqrstuvwx';

describe('one log for two devices', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let laptop: TestDevice;
  let phone: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    laptop = await TestDevice.enrolFirst(network, network.relays[0]);
    phone = await laptop.enrolSecond();
  });
  afterAll(() => network.close());

  test('rows are passed on at once, acknowledged when they are stored, and announced (S7, S9, S10)', async () => {
    const session = nonce();
    const [one, two] = [await laptop.sync(session), await phone.sync()];
    await one.next('current');
    const { seq: before, chain } = await two.next('current');
    const batch = await laptop.batch(session, 0, [
      [doc, bytes(1, 2)],
      ['index', bytes(3)],
    ]);
    one.send({ kind: 'push', batches: [batch] });
    expect(await one.next('ack')).toMatchObject({ session, acked: 1 });
    expect((await two.next('provisional')).batches).toEqual([batch]);
    const committed = await two.next('committed');
    expect(committed).toMatchObject({ device: laptop.keys.did, session, first: 0, seq: before + 2 });
    expect(committed.chain).toBe(await nextChain(chain, laptop.relay.idTag, batch));
    expect(await one.next('committed')).toEqual(committed);
    one.close();
    two.close();
  });

  test('the same batch again is acknowledged and stored once (S10)', async () => {
    const session = nonce();
    const socket = await laptop.sync(session);
    const { seq } = await socket.next('current');
    const batch = await laptop.batch(session, 0, [[doc, bytes(9)]]);
    socket.send({ kind: 'push', batches: [batch] });
    await socket.next('ack');
    socket.close();
    const again = await laptop.sync(session);
    expect((await again.next('welcome')).acked).toBe(0);
    again.send({ kind: 'push', batches: [batch, batch] });
    expect((await again.next('ack')).acked).toBe(0);
    again.close();
    const other = await phone.sync();
    expect((await other.next('current')).seq).toBe(seq + 1);
    other.close();
  });

  test('a cursor in the log gets what follows it, any other everything (S4, S7, S11)', async () => {
    const reader = await phone.sync();
    const { log, match } = await reader.next('welcome');
    expect(match).toBe(true);
    const end = await reader.next('current');
    const stored = reader.frames.flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []));
    expect(stored.at(-1)).toMatchObject({ seq: end.seq, chain: end.chain });
    let chain = '';
    for (const place of stored) {
      chain = await nextChain(chain, laptop.relay.idTag, place.batch);
      expect(place.chain).toBe(chain);
    }
    const first = stored[0]!;
    const later = await phone.sync(nonce(), { log, seq: first.seq, chain: first.chain });
    await later.next('current');
    const rest = later.frames.flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []));
    expect(rest).toEqual(stored.slice(1));
    const lost = await phone.sync(nonce(), { log, seq: first.seq, chain: 'another' });
    expect((await lost.next('welcome')).match).toBe(false);
    await lost.next('current');
    expect(lost.frames.flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []))).toEqual(stored);
    for (const socket of [reader, later, lost]) socket.close();
  });

  test('many batches pushed while another device joins: it misses none and sees none twice', async () => {
    const session = nonce();
    const writer = await laptop.sync(session);
    await writer.next('current');
    const joined: TestSocket[] = [];
    for (let i = 0; i < 40; i++) {
      writer.send({ kind: 'push', batches: [await laptop.batch(session, i, [[doc, bytes(i)]])] });
      if (i % 10 === 5) joined.push(await phone.sync());
    }
    await writer.next('ack', ({ acked }) => acked === 39);
    const end = await writer.next('committed', ({ first }) => first === 39);
    for (const reader of joined) {
      await reader.next('current');
      await new Promise((resolve) => setTimeout(resolve, 200));
      const places = reader.frames.flatMap((frame) => {
        if (frame.kind === 'rows') return frame.batches.map(({ seq }) => seq);
        return frame.kind === 'committed' ? [frame.seq] : [];
      });
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect(places.at(-1)).toBe(end.seq);
      reader.close();
    }
    writer.close();
  });

  test('awareness reaches the others and is not stored', async () => {
    const [one, two] = [await laptop.sync(), await phone.sync()];
    const { seq } = await one.next('current');
    await two.next('current');
    one.send({ kind: 'awareness', doc, states: bytes(7) });
    expect(await two.next('awareness')).toEqual({ kind: 'awareness', doc, states: bytes(7) });
    two.close();
    const later = await phone.sync();
    expect((await later.next('current')).seq).toBe(seq);
    expect(later.frames.some(({ kind }) => kind === 'awareness')).toBe(false);
    one.close();
    later.close();
  });

  test('a new action wakes the devices', async () => {
    const socket = await phone.sync();
    await socket.next('current');
    await laptop.say({ t: 'POST', c: 'wake up' });
    expect(await socket.next('wake')).toEqual({ kind: 'wake', topic: 'actions' });
    socket.close();
  });

  test('what was acknowledged is there after a restart, with the same chain', async () => {
    const session = nonce();
    const socket = await laptop.sync(session);
    await socket.next('current');
    socket.send({ kind: 'push', batches: [await laptop.batch(session, 0, [[doc, bytes(42)]])] });
    const { seq, chain } = await socket.next('committed');
    await laptop.relay.stop();
    await laptop.relay.start();
    const again = await laptop.sync(session);
    expect((await again.next('welcome')).acked).toBe(0);
    expect(await again.next('current')).toEqual({ kind: 'current', seq, chain });
    again.close();
  });
});

describe('what a bad socket gets', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let laptop: TestDevice;
  let session: string;
  let socket: TestSocket;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    laptop = await TestDevice.enrolFirst(network, network.relays[0]);
  });
  afterAll(() => network.close());

  const open = async () => {
    session = nonce();
    socket = await laptop.sync(session);
    await socket.next('current');
  };
  const expectNothingStored = async () => {
    const after = await laptop.sync();
    expect((await after.next('current')).seq).toBe(0);
    after.close();
  };

  test('a frame above 4 MiB, as one of 100 MB: 1009, nothing stored, the process alive (S8)', async () => {
    await open();
    socket.connection.send(new Uint8Array(100_000_000));
    expect([1009, 1006]).toContain(await socket.untilClosed());
    await expectNothingStored();
  });

  test('before `hello`, 300 KiB end the connection, also as part of a frame that never ends (S6)', async () => {
    const whole = await TestSocket.open(laptop.relay);
    whole.connection.send(new Uint8Array(400 * 1024));
    expect(await whole.untilClosed()).toBe(1006);
    const plain = await laptop.relay.connect();
    const lines = [
      `GET ${routes.sync} HTTP/1.1`,
      `host: cl-o.${laptop.relay.idTag}`,
      `origin: ${laptop.relay.appOrigin}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
    ];
    plain.write(`${lines.join('\r\n')}\r\n\r\n`);
    expect(String(((await once(plain, 'data')) as [Buffer])[0])).toMatch(/^HTTP\/1.1 101/);
    const start = Date.now();
    // A masked binary frame of 4 MiB, of which the last bytes do not come.
    plain.on('error', () => undefined);
    plain.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0]));
    plain.write(Buffer.alloc(1024 * 1024));
    await new Promise((resolve) => plain.once('close', resolve));
    expect(Date.now() - start).toBeLessThan(3_000);
    await expectNothingStored();
  });

  test('truncated frames are refused whole (S8)', async () => {
    await open();
    const frame = formatDeviceFrame({
      kind: 'push',
      batches: [await laptop.batch(session, 0, [[doc, bytes(1)]])],
    });
    for (const end of [1, 2, 80, frame.length - 1]) {
      await open();
      socket.connection.send(frame.slice(0, end));
      expect((await socket.next('error')).code).toMatch(/^E-(FRAME|ROW)-INVALID$/);
      expect(await socket.untilClosed()).toBe(4400);
    }
    await expectNothingStored();
  });

  test('rows of another device, changed rows, and a gap are refused (S2, S3)', async () => {
    const other = await laptop.enrolSecond();
    const good = async () => laptop.batch(session, 0, [[doc, bytes(1)]]);
    const bad = [
      async () => ({ ...(await good()), device: other.keys.did }),
      async () => ({ ...(await good()), rows: [{ doc, update: bytes(2) }] }),
      async () => ({ ...(await good()), signature: new Uint8Array(96) }),
      async () => laptop.batch(session, 5, [[doc, bytes(1)]]),
    ];
    for (const make of bad) {
      await open();
      socket.send({ kind: 'push', batches: [await make()] });
      expect((await socket.next('error')).code).toBe('E-ROW-INVALID');
      await socket.untilClosed();
    }
    await expectNothingStored();
  });

  test('another origin does not get a socket', async () => {
    await expect(TestSocket.open(laptop.relay, 'https://evil.example')).rejects.toThrow(/403/);
  });

  test('no hello in five seconds, a bad token, or something else first: closed', async () => {
    const silent = await TestSocket.open(laptop.relay);
    const liar = await TestSocket.open(laptop.relay);
    liar.send({
      kind: 'hello',
      token: 'eyJ.eyJ.sig',
      session: nonce(),
      cursor: { log: '', seq: 0, chain: '' },
    });
    expect(await liar.untilClosed()).toBe(4401);
    const rude = await TestSocket.open(laptop.relay);
    rude.send({ kind: 'push', batches: [] });
    expect(await rude.untilClosed()).toBe(4400);
    expect(await silent.untilClosed()).toBe(4401);
  });
});
