import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { folderLimits, folderListSchema, type FolderPatch } from '../../shared/api/folders.ts';
import { folderCapabilities } from '../../shared/device/presets.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import type { RelayFrame } from '../../shared/sync/frame.ts';
import { isTold, nextChain, verifyBatch, verifyGuestBatch } from '../../shared/sync/row.ts';
import { codeOf, dataOf, nonce, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { batchesOf, RoomDevice } from './room-device.ts';
import type { TestSocket } from './socket.ts';

const id = (name: string) => name.padEnd(24, '0');
const [folder, plans, secret, elsewhere] = [id('folder'), id('plans'), id('secret'), id('elsewhere')];
const scope = 'E-DELEGATION-SCOPE';
const words = 'a word that stays at home';

/** What a socket was told of documents, by document. */
function told(socket: TestSocket, doc: string): string {
  const ydoc = new Y.Doc();
  for (const { rows } of socket.frames.flatMap(batchesOf))
    for (const row of rows) if (row.doc === doc && isTold(row)) Y.applyUpdate(ydoc, row.update);
  return ydoc.getText('text').toString();
}

const storedOf = (frames: readonly RelayFrame[]) =>
  frames.flatMap((frame) => (frame.kind === 'rows' ? frame.batches : []));

describe('C14, C15: a device with one folder', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let laptop: TestDevice;
  let phone: TestDevice;
  let index: RoomDevice;
  const open: { close(): void }[] = [];

  const enter = async (entries: Record<string, Record<string, string | number>>) => {
    const documents = index.ydoc.getMap('documents');
    index.ydoc.transact(() => {
      for (const [of, fields] of Object.entries(entries))
        documents.set(of, new Y.Map(Object.entries(fields)));
    });
    await index.whenStored();
  };
  const change = async (of: string, name: string, value: string | number) => {
    (index.ydoc.getMap('documents').get(of) as Y.Map<unknown>).set(name, value);
    await index.whenStored();
  };
  const write = async (doc: string, text: string) => {
    const room = await RoomDevice.open(laptop, doc);
    room.text.insert(0, text);
    await room.whenStored();
    room.close();
  };
  const connect = async (device = phone, session = nonce()) => {
    const socket = await device.sync(session);
    open.push(socket);
    await socket.next('current');
    return socket;
  };
  const ask = (changes: FolderPatch['changes'], device = phone, of = folder) =>
    device.ask(`${routes.folders}/${of}`, 'PATCH', { changes });
  const list = async (device = phone) =>
    dataOf(await device.ask(`${routes.folders}/${folder}`), folderListSchema);
  const ids = async (device = phone) => (await list(device)).entries.map((entry) => entry.id).sort();
  const head = async () => (await (await connect(laptop)).next('current')).seq;
  const textUpdate = (text: string) => {
    const ydoc = new Y.Doc();
    ydoc.getText('text').insert(0, text);
    return Y.encodeStateAsUpdate(ydoc);
  };
  const push = async (rows: readonly (readonly [string, Uint8Array])[], device = phone) => {
    const session = nonce();
    const socket = await connect(device, session);
    socket.send({ kind: 'push', batches: [await device.batch(session, 0, rows)] });
    const answer = await Promise.race([socket.next('ack'), socket.next('error')]);
    if (answer.kind === 'ack') return 'ok';
    expect(await socket.untilClosed()).toBe(4403);
    return answer.code;
  };

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    laptop = await TestDevice.enrolFirst(network, network.relays[0]);
    index = await RoomDevice.open(laptop, 'index');
    await enter({
      [folder]: { type: 'folder', title: 'Ours', parent: elsewhere, moved: 1 },
      [plans]: { type: 'text', title: 'Plans', parent: folder },
      [secret]: { type: 'text', title: words, parent: '' },
    });
    await write(plans, 'Sunday');
    await write(secret, words);
    phone = await laptop.enrolSecond(folderCapabilities(folder, true));
  });
  afterAll(async () => {
    for (const socket of open) socket.close();
    index.close();
    await network.close();
  });

  test('C14: it is told its folder, hashes of everything else, and the chain and the signatures hold', async () => {
    const socket = await connect();
    const stored = storedOf(socket.frames);
    let at = { seq: 0, chain: '' };
    for (const { batch, seq, chain } of stored) {
      await verifyBatch(laptop.relay.idTag, batch, laptop.keys.jwk);
      at = { seq: at.seq + batch.rows.length, chain: await nextChain(at.chain, laptop.relay.idTag, batch) };
      expect({ seq, chain }).toEqual(at);
    }
    expect(at).toMatchObject({ seq: await head() });
    const rows = stored.flatMap(({ batch }) => batch.rows);
    expect(new Set(rows.filter(isTold).map(({ doc }) => doc))).toEqual(new Set([plans]));
    expect(told(socket, plans)).toBe('Sunday');
  });

  test('C14: while it is connected it hears of its documents after their commit, and of nobody elsewhere', async () => {
    const socket = await connect();
    const other = await connect(laptop);
    const before = socket.frames.length;
    await write(secret, words);
    await change(secret, 'title', 'Other words');
    for (const doc of [secret, 'index', plans])
      other.send({ kind: 'awareness', doc, states: new Uint8Array([1, 2]) });
    await write(plans, 'On ');
    await eventually('the words', () => Promise.resolve(told(socket, plans).includes('On ') || undefined));
    await socket.next('awareness');
    await change(plans, 'title', 'Our plans');
    await socket.next('wake', ({ topic }) => topic === 'folder');
    const since = socket.frames.slice(before);
    expect(since.map(({ kind }) => kind)).not.toContain('provisional');
    expect(since.flatMap((frame) => (frame.kind === 'awareness' ? [frame.doc] : []))).toEqual([plans]);
    const rows = since.flatMap(batchesOf).flatMap((batch) => batch.rows);
    expect(new Set(rows.filter(isTold).map(({ doc }) => doc))).toEqual(new Set([plans]));
    expect(new Set(rows.map(({ doc }) => doc))).toEqual(new Set([plans, secret, 'index']));
  });

  test('C14: what it writes inside is like any edit; what it says of documents outside nobody hears', async () => {
    const session = nonce();
    const [socket, other] = [await connect(phone, session), await connect(laptop)];
    for (const doc of [secret, 'index', plans])
      socket.send({ kind: 'awareness', doc, states: new Uint8Array([3]) });
    socket.send({ kind: 'push', batches: [await phone.batch(session, 0, [[plans, textUpdate('Yes. ')]])] });
    expect(await socket.next('ack')).toMatchObject({ acked: 0 });
    expect(await socket.next('committed')).toMatchObject({ session });
    await other.next('provisional');
    await other.next('committed');
    expect(other.frames.flatMap((frame) => (frame.kind === 'awareness' ? [frame.doc] : []))).toEqual([plans]);
  });

  test('C14: a push with a row outside is refused whole', async () => {
    const at = await head();
    const row = textUpdate('x');
    expect(
      await push([
        [plans, row],
        [secret, row],
      ]),
    ).toBe(scope);
    expect(await push([['index', row]])).toBe(scope);
    expect(await push([[folder, row]])).toBe(scope);
    expect(await push([[id('new'), row]])).toBe(scope);
    const reader = await laptop.enrolSecond(folderCapabilities(folder, false));
    expect(await push([[plans, row]], reader)).toBe(scope);
    expect(codeOf(await ask([{ id: plans, fields: { title: 'x' } }], reader))).toBe(scope);
    expect(await ids(reader)).toEqual([plans]);
    expect(await head()).toBe(at);
  });

  test('C14: it lists its folder, not where it lies, and no other', async () => {
    const { folder: own, entries } = await list();
    expect(own).toEqual({ id: folder, fields: { type: 'folder', title: 'Ours' } });
    expect(entries).toEqual([{ id: plans, fields: { type: 'text', title: 'Our plans', parent: folder } }]);
    for (const [device, of] of [
      [phone, elsewhere],
      [laptop, folder],
    ] as const)
      expect(codeOf(await device.ask(`${routes.folders}/${of}`))).toBe(scope);
  });

  test('C15: a document that it made has an entry first, which the relay signs, and then its words', async () => {
    const made = id('made');
    const other = await connect(laptop);
    const fields = { type: 'text', title: 'Made', parent: folder, created: 5 };
    const answer = dataOf(await ask([{ id: made, fields }]), folderListSchema);
    expect(answer.entries).toContainEqual({ id: made, fields });
    const { batches } = await other.next('provisional');
    expect(batches[0]).toMatchObject({ device: `@${laptop.relay.idTag}`, rows: [{ doc: 'index' }] });
    const { keys } = dataOf(await laptop.relay.ask(routes.me), profileSchema);
    await verifyGuestBatch(laptop.relay.idTag, batches[0]!, keys);
    const at = await head();
    expect((await ask([{ id: made, fields }])).status).toBe(200);
    expect(await head(), 'the same again is no row').toBe(at);
    expect(await push([[made, textUpdate('Words')]])).toBe('ok');
    await eventually('the entry at the laptop', () => {
      return Promise.resolve(index.ydoc.getMap('documents').has(made) || undefined);
    });
  });

  test('C15: what it may not, it may not in company', async () => {
    const at = await head();
    const fine = { id: plans, fields: { title: 'Taken' } };
    for (const other of [
      { id: secret, fields: { parent: folder } },
      { id: plans, fields: { parent: elsewhere } },
      { id: folder, fields: { title: 'Mine' } },
      { id: id('orphan'), fields: { type: 'text', parent: '0'.repeat(24) } },
    ])
      expect(codeOf(await ask([fine, other]))).toBe(scope);
    await write(id('unlisted'), words);
    const grab = { id: id('unlisted'), fields: { type: 'text', parent: folder } };
    expect(codeOf(await ask([fine, grab])), 'a document with rows').toBe(scope);
    for (const fields of [{ owner: 'bob.test' }, { type: 'sealed' }, { trashed: 'now' }])
      expect(codeOf(await ask([fine, { id: plans, fields: fields as never }]))).toBe('E-VAL-INVALID');
    const many = Array.from({ length: folderLimits.changes + 1 }, () => fine);
    expect(codeOf(await ask(many))).toBe('E-VAL-INVALID');
    expect(codeOf(await ask([{ id: plans, fields: { title: 'x'.repeat(folderLimits.body) } }]))).toBe(
      'E-CORE-TOOLARGE',
    );
    expect(await head()).toBe(at + 1);
    expect((await list()).entries.find((entry) => entry.id === plans)?.fields['title']).toBe('Our plans');
  });

  test('C15: two at once, what comes between, and the relay started anew', async () => {
    const tablet = await laptop.enrolSecond(folderCapabilities(folder, true));
    const many = [...Array(12).keys()].map((i) => id(`many${i}x`));
    const answers = await Promise.all([
      ...many.map((of, i) =>
        ask([{ id: of, fields: { type: 'text', parent: folder } }], i % 2 ? phone : tablet),
      ),
      change(plans, 'excerpt', 'Between'),
    ]);
    for (const answer of answers) expect(answer?.status ?? 200).toBe(200);
    expect(await ids()).toEqual([plans, id('made'), ...many].sort());
    const before = await list();
    await laptop.relay.stop();
    await laptop.relay.start();
    expect(await list(), 'read from the log').toEqual(before);
    expect((await ask([{ id: many[0]!, fields: { trashed: 9, title: 'Thrown' } }], tablet)).status).toBe(200);
    index.close();
    index = await RoomDevice.open(laptop, 'index');
    await eventually('the title', () => {
      const entry = index.ydoc.getMap('documents').get(many[0]!);
      return Promise.resolve((entry as Y.Map<unknown>).get('title') === 'Thrown' || undefined);
    });
  });

  test('C14, C16: what moves in is read with its rows; what moves out is not', async () => {
    const socket = await connect();
    const rowsOf = (doc: string) => phone.ask(`${routes.documents}/${doc}/rows`);
    expect(codeOf(await rowsOf(secret))).toBe(scope);
    await change(secret, 'parent', folder);
    await socket.next('wake', ({ topic }) => topic === 'folder');
    expect(await ids()).toContain(secret);
    expect((await rowsOf(secret)).status).toBe(200);
    expect(await push([[secret, textUpdate('Me too')]])).toBe('ok');
    await change(secret, 'parent', elsewhere);
    await eventually('it is gone', async () => !(await ids()).includes(secret) || undefined);
    expect(codeOf(await rowsOf(secret))).toBe(scope);
    expect(await push([[secret, textUpdate('Still')]])).toBe(scope);
  });

  test('C14: a folder that is deleted for good has an empty list, and takes nothing', async () => {
    index.ydoc.getMap('documents').delete(folder);
    await index.whenStored();
    expect(await list()).toEqual({ entries: [] });
    expect(await push([[plans, textUpdate('Still')]])).toBe(scope);
    expect(codeOf(await ask([{ id: plans, fields: { title: 'x' } }]))).toBe(scope);
  });
});
