import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presetToCapabilities } from '../../shared/device/presets.ts';
import { freedSchema, logHeadSchema, routes } from '../../shared/routes.ts';
import {
  baseSession,
  formatForgetting,
  type HistoryBatch,
  type HistoryPage,
  parseHistoryPage,
} from '../../shared/sync/history.ts';
import { type Batch, isTold, nextChain, verifyBatch, withholdRows } from '../../shared/sync/row.ts';
import { openStore } from '../store/database.ts';
import { enterRoomRows } from '../store/room-rows.ts';
import { codeOf, dataOf, nonce, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
const other = 'ABCDEFGHIJKLMNOPQRSTUVWX';
const day = 86_400_000;
const bytes = (...values: number[]) => new Uint8Array(values);

let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
let laptop: TestDevice;
let phone: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test', 'bob.test');
  laptop = await TestDevice.enrolFirst(network, network.relays[0]);
  phone = await laptop.enrolSecond();
});
afterAll(() => network.close());

async function push(from: TestDevice, rows: (readonly [string, Uint8Array])[]): Promise<Batch> {
  const session = nonce();
  const socket = await from.sync(session);
  await socket.next('current');
  const batch = await from.batch(session, 0, rows);
  socket.send({ kind: 'push', batches: [batch] });
  await socket.next('ack');
  socket.close();
  return batch;
}

async function readPage(device: TestDevice, id: string, after = 0): Promise<HistoryPage> {
  const headers = { authorization: `Bearer ${await device.accessToken()}` };
  const answer = await device.relay.ask(`${routes.documents}/${id}/rows?after=${after}`, { headers });
  if (answer.status !== 200) throw new Error(answer.text);
  return parseHistoryPage(answer.bytes);
}

async function readAll(device: TestDevice, id: string): Promise<HistoryBatch[]> {
  const batches: HistoryBatch[] = [];
  for (;;) {
    const page = await readPage(device, id, batches.at(-1)?.seq);
    batches.push(...page.batches);
    if (!page.more) return batches;
  }
}

describe('the rows of a document', () => {
  test('S12: come with their place in the log; of other documents in the batch with their hash', async () => {
    const first = await push(laptop, [
      [doc, bytes(1, 2)],
      [other, bytes(3)],
      ['index', bytes(4)],
    ]);
    const second = await push(phone, [[doc, bytes(5)]]);
    await push(phone, [[other, bytes(6)]]);
    const page = await readPage(phone, doc);
    expect(page.more).toBe(false);
    expect(page.batches.map(({ batch }) => batch.rows.filter(isTold))).toEqual([
      [{ doc, update: bytes(1, 2) }],
      second.rows,
    ]);
    for (const { batch, previous, chain } of page.batches)
      expect(await nextChain(previous, laptop.relay.idTag, batch)).toBe(chain);
    const [shown] = page.batches;
    await verifyBatch(laptop.relay.idTag, shown!.batch, laptop.keys.jwk);
    expect(shown!.batch).toEqual(await withholdRows(first, (row) => row.doc !== doc));
    expect((await readPage(phone, doc, shown!.seq)).batches).toEqual(page.batches.slice(1));
  });

  test('S12: many and large ones come in pages, each once and in order', async () => {
    const id = 'manyManyManyManyManyMany';
    const large = (byte: number) => new Uint8Array(700_000).fill(byte);
    for (let i = 1; i <= 4; i++) await push(laptop, [[id, large(i)]]);
    for (let i = 5; i <= 45; i++) await push(phone, [[id, bytes(i)]]);
    const first = await readPage(laptop, id);
    expect(first.more).toBe(true);
    expect(first.batches.length).toBeLessThan(4);
    const all = await readAll(laptop, id);
    expect(all.map(({ batch }) => batch.rows[0]!.update[0])).toEqual(
      Array.from({ length: 45 }, (_, i) => i + 1),
    );
  });

  test('S12: are for devices of the identity that may read documents, and for nobody else', async () => {
    const path = `${routes.documents}/${doc}/rows`;
    expect(codeOf(await laptop.relay.ask(path))).toBe('E-AUTH-UNAUTH');
    const poster = await laptop.enrolSecond(presetToCapabilities('post'));
    expect(codeOf(await poster.ask(path))).toBe('E-DELEGATION-SCOPE');
    const reader = await laptop.enrolSecond(presetToCapabilities('read'));
    expect((await readPage(reader, doc)).batches.length).toBe(2);
    const forgetting = formatForgetting({ until: 1, base: await createBase(reader) });
    expect(codeOf(await reader.ask(`${routes.documents}/${doc}/base`, 'PUT', forgetting))).toBe(
      'E-DELEGATION-SCOPE',
    );
    const bob = await TestDevice.enrolFirst(network, network.relays[1]);
    const headers = { authorization: `Bearer ${await bob.accessToken()}` };
    expect(codeOf(await laptop.relay.ask(path, { headers }))).toBe('E-AUTH-UNAUTH');
    expect(codeOf(await laptop.ask(`${routes.documents}/nosuch/rows`))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await laptop.ask(`${path}?after=-1`))).toBe('E-VAL-INVALID');
  });

  test('S18: the index is told as any document, and the head of the log, to devices that read documents', async () => {
    const before = (await readAll(phone, 'index')).length;
    const batch = await push(laptop, [
      ['index', bytes(7)],
      ['q'.repeat(24), bytes(8)],
    ]);
    const batches = await readAll(phone, 'index');
    expect(batches).toHaveLength(before + 1);
    const last = batches.at(-1)!;
    expect(last.batch.rows.filter(isTold)).toEqual([{ doc: 'index', update: bytes(7) }]);
    await expect(verifyBatch(phone.relay.idTag, last.batch, laptop.keys.jwk)).resolves.toBeUndefined();
    expect(last.batch.signature).toEqual(batch.signature);

    const ask = async (device: TestDevice) => {
      const headers = { authorization: `Bearer ${await device.accessToken()}` };
      return device.relay.ask(routes.documents, { headers });
    };
    const head = dataOf(await ask(phone), logHeadSchema);
    expect(head).toEqual({ log: (await readPage(phone, 'index')).log, seq: last.seq });
    expect(codeOf(await phone.relay.ask(routes.documents))).toBe('E-AUTH-UNAUTH');
    const poster = await laptop.enrolSecond(presetToCapabilities('post'));
    expect(codeOf(await ask(poster))).toBe('E-DELEGATION-SCOPE');
  });
});

function createBase(device: TestDevice, id = doc, session = baseSession): Promise<Batch> {
  const rest = randomBytes(16).toString('base64url').slice(session.length);
  return device.batch(session + rest, 0, [[id, bytes(7, 7, 7)]]);
}

describe('forgetting', () => {
  const forget = async (until: number, base: Batch, device = laptop) =>
    device.ask(`${routes.documents}/${doc}/base`, 'PUT', formatForgetting({ until, base }));

  test('S13: nobody brings rows without their bytes', async () => {
    const socket = await laptop.sync();
    await socket.next('current');
    const batch = await withholdRows(await laptop.batch(nonce(), 0, [[doc, bytes(1)]]), () => true);
    socket.send({ kind: 'push', batches: [batch] });
    expect(await socket.untilClosed()).toBe(4400);
  });

  test('S14: what is younger than 30 days stays, and so does what another document says', async () => {
    const [, last] = await readAll(laptop, doc);
    const young = await forget(last!.seq, await createBase(laptop));
    expect(codeOf(young)).toBe('E-VAL-INVALID');
    expect(codeOf(await forget(last!.seq, await createBase(laptop, doc, '')))).toBe('E-ROW-INVALID');
    expect(codeOf(await forget(last!.seq, await createBase(laptop, other)))).toBe('E-ROW-INVALID');
    expect(codeOf(await forget(last!.seq, await createBase(phone)))).toBe('E-ROW-INVALID');
    expect((await readAll(laptop, doc)).every(({ batch }) => isTold(batch.rows[0]!))).toBe(true);
  });

  test('S14: rows that are forgotten leave their hash; the log, its readers and its chain go on', async () => {
    const [first, last] = await readAll(laptop, doc);
    const tablet = await enrolLater();
    const young = await push(tablet, [[doc, bytes(9)]]);
    const answer = await forget(last!.seq, await createBase(tablet), tablet);
    expect(dataOf(answer, freedSchema)).toEqual({ freed: expect.any(Number) as number });
    const [one, two, three, base] = await readAll(tablet, doc);
    expect([one, two].map((at) => at!.batch.rows.some(isTold))).toEqual([false, false]);
    expect(three!.batch).toEqual(young);
    expect(base!.batch.session).toMatch(/^history-base-/);
    expect(base!.batch.rows).toEqual([{ doc, update: bytes(7, 7, 7) }]);
    for (const [at, before] of [
      [one!, first!],
      [two!, last!],
    ] as const) {
      expect([at.seq, at.chain, at.previous]).toEqual([before.seq, before.chain, before.previous]);
      expect(await nextChain(at.previous, laptop.relay.idTag, at.batch)).toBe(at.chain);
    }
    expect((await readAll(tablet, other)).every(({ batch }) => batch.rows.some(isTold))).toBe(true);
    await expectWholeLog(tablet);
  });

  /** A device that came in meanwhile, when the access of the others has ended. */
  async function enrolLater(): Promise<TestDevice> {
    await network.advance(20 * day);
    laptop.forgetToken();
    const tablet = await laptop.enrolSecond();
    await network.advance(11 * day);
    tablet.forgetToken();
    return tablet;
  }

  async function expectWholeLog(device: TestDevice): Promise<void> {
    const socket = await device.sync();
    const end = await socket.next('current');
    const stored = socket.frames.flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []));
    let chain = '';
    for (const at of stored) chain = await nextChain(chain, device.relay.idTag, at.batch);
    expect(chain).toBe(end.chain);
    expect(stored[0]!.batch.rows.map(isTold)).toEqual([false, true, true]);
    socket.close();
  }
});

describe('an older relay', () => {
  test('S18: a log that came from an older relay is entered whole, and twice is as good as once', async () => {
    await phone.relay.stop();
    const { db, close } = await openStore(join(phone.relay.folder, 'private'), network.now);
    const { idTag } = phone.relay;
    const list = () =>
      db.selectFrom('room_rows').selectAll().where('id_tag', '=', idTag).orderBy('seq').execute();
    const before = await list();
    expect(before.some(({ doc: one }) => one === 'index')).toBe(true);
    await db.deleteFrom('room_rows').where('doc', '=', 'index').execute();
    await enterRoomRows(db, idTag);
    await enterRoomRows(db, idTag);
    expect(await list()).toEqual(before);
    await close();
  });
});
