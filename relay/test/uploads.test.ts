import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileId, formatBlobId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { errorSchema, limits, routes, storageSchema, uploadSchema } from '../../shared/routes.ts';
import { parse } from '../../shared/parse.ts';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { runQuota } from '../admin/quota.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { createNetwork, eventually, type TestAnswer } from './network.ts';

const day = 24 * 60 * 60 * 1000;
const makeBytes = (size: number) => {
  const bytes = new Uint8Array(size);
  crypto.getRandomValues(bytes.subarray(0, Math.min(size, 65_536)));
  return bytes;
};
const idOf = (bytes: Uint8Array) => formatBlobId(createHash('sha256').update(bytes).digest());
const detailsOf = (answer: TestAnswer) => parse(errorSchema, answer.json()).error.details;

describe('a device brings files to its relay', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
  });
  afterAll(() => network.close());

  const begin = (bytes: Uint8Array) =>
    alice.ask(routes.uploads, 'POST', { blob: idOf(bytes), size: bytes.length });
  const beginId = async (bytes: Uint8Array) => dataOf(await begin(bytes), uploadSchema).id ?? '';
  const place = (id: string) => `${routes.uploads}/${id}`;
  const send = async (id: string, offset: number, body: Uint8Array) => {
    const headers = { authorization: `Bearer ${await alice.accessToken()}`, 'upload-offset': String(offset) };
    return alice.relay.ask(place(id), { method: 'PATCH', headers, body });
  };
  const upload = async (bytes: Uint8Array) => {
    const { id, offset, done } = dataOf(await begin(bytes), uploadSchema);
    if (!done) dataOf(await send(id ?? '', offset, bytes.subarray(offset)), uploadSchema);
    return idOf(bytes);
  };
  const name = async (bytes: Uint8Array) => {
    const blob = idOf(bytes);
    const descriptor = formatDescriptor([
      { name: 'raw.orig', blob, format: 'bin', size: bytes.length, width: 0, height: 0 },
    ]);
    const file = { descriptor, contentType: 'application/octet-stream', fileName: 'sea.bin' };
    return { id: await fileId(descriptor), answer: await alice.ask(routes.files, 'POST', file) };
  };
  const storage = async () => dataOf(await alice.ask(routes.storage), storageSchema);
  const incoming = () => readdir(join(alice.relay.folder, 'public', 'incoming'));
  /** Opens a connection and sends the head of a request, and perhaps the beginning of its body. */
  const startRequest = async (
    method: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<Socket> => {
    const socket = await alice.relay.connect();
    const all = {
      host: apiHost(alice.relay.idTag),
      authorization: `Bearer ${await alice.accessToken()}`,
      ...headers,
    };
    const lines = Object.entries(all).map(([header, value]) => `${header}: ${value}\r\n`);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return socket;
  };
  const restart = async () => {
    await alice.relay.stop();
    await alice.relay.start();
  };
  const setQuota = async (size: string) => {
    await alice.relay.stop();
    const environment = { MODE: 'proxy', BASE_ID_TAG: alice.relay.idTag, DATA_DIR: alice.relay.folder };
    const told = await runQuota([alice.relay.idTag, size], environment);
    await alice.relay.start();
    return told;
  };

  test('W1: in pieces, over a restart of the relay, and not again', async () => {
    const bytes = makeBytes(300_000);
    const { id = '', ...begun } = dataOf(await begin(bytes), uploadSchema);
    expect(begun).toEqual({ blob: idOf(bytes), size: 300_000, offset: 0, done: false });
    expect(dataOf(await send(id, 0, bytes.subarray(0, 100_000)), uploadSchema).offset).toBe(100_000);
    await restart();
    expect(dataOf(await alice.ask(place(id)), uploadSchema).offset).toBe(100_000);
    expect(await beginId(bytes)).toBe(id);
    expect(dataOf(await send(id, 100_000, bytes.subarray(100_000)), uploadSchema).done).toBe(true);
    expect(codeOf(await alice.ask(place(id)))).toBe('E-UPLOAD-UNKNOWN');
    const again = await begin(bytes);
    expect([again.status, dataOf(again, uploadSchema).id]).toEqual([200, undefined]);
    expect((await alice.ask(`${routes.variant}/${idOf(bytes)}`)).status).toBe(200);
    expect((await storage()).used).toBe(300_000);
    expect(await incoming()).toEqual([]);
  });

  test('W1: other bytes than announced leave nothing; too large or unclear pieces are refused', async () => {
    const { used } = await storage();
    const bytes = makeBytes(1000);
    const id = await beginId(bytes);
    const other = await send(id, 0, makeBytes(1000));
    expect(codeOf(other)).toBe('E-BLOB-HASH');
    const large = await beginId(makeBytes(2 * limits.chunk));
    expect(codeOf(await send(large, 0, makeBytes(limits.chunk + 1)))).toBe('E-CORE-TOOLARGE');
    const headers = { 'transfer-encoding': 'chunked', 'upload-offset': '0' };
    const socket = await startRequest('PATCH', place(large), headers);
    socket.write(`${(limits.chunk + 1).toString(16)}\r\n`);
    socket.write(new Uint8Array(limits.chunk + 1));
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(String(head)).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
    expect(codeOf(await alice.ask(place(large), 'PATCH', makeBytes(10)))).toBe('E-VAL-INVALID');
    expect(dataOf(await alice.ask(place(large)), uploadSchema).offset).toBe(0);
    expect((await alice.ask(place(large), 'DELETE')).status).toBe(200);
    expect(codeOf(await alice.ask(place(large), 'DELETE'))).toBe('E-UPLOAD-UNKNOWN');
    expect([(await storage()).used, await incoming()]).toEqual([used, []]);
  });

  test('W2: a piece whose connection breaks; while it comes in another is refused', async () => {
    const bytes = makeBytes(200_000);
    const id = await beginId(bytes);
    const socket = await startRequest('PATCH', place(id), {
      'content-length': '200000',
      'upload-offset': '0',
    });
    socket.write(bytes.subarray(0, 50_000));
    await eventually('the piece is coming in', async () => (await incoming()).includes(id) || undefined);
    expect(codeOf(await send(id, 0, bytes))).toBe('E-CORE-CONFLICT');
    socket.destroy();
    const offset = await eventually('the piece has ended', async () => {
      const answer = await send(id, 200_000, new Uint8Array());
      return codeOf(answer) === 'E-UPLOAD-OFFSET' ? detailsOf(answer) : undefined;
    });
    const state = dataOf(await alice.ask(place(id)), uploadSchema);
    expect(offset).toEqual({ offset: state.offset });
    expect(state.offset).toBeLessThanOrEqual(50_000);
    expect(dataOf(await send(id, state.offset, bytes.subarray(state.offset)), uploadSchema).done).toBe(true);
  });

  test('W1: what is given up while it comes in leaves nothing; so does a single request that breaks off', async () => {
    const { used } = await storage();
    const bytes = makeBytes(100_000);
    const id = await beginId(bytes);
    const head = { 'content-length': '100000' };
    const socket = await startRequest('PATCH', place(id), { ...head, 'upload-offset': '0' });
    socket.on('error', () => undefined).write(bytes.subarray(0, 10));
    await eventually('the piece is coming in', async () => (await incoming()).includes(id) || undefined);
    expect((await alice.ask(place(id), 'DELETE')).status).toBe(200);
    expect([(await storage()).used, await incoming()]).toEqual([used, []]);
    const put = await startRequest('PUT', `${routes.blobs}/${idOf(bytes)}`, head);
    put.write(bytes.subarray(0, 10));
    await eventually('it is coming in', async () => (await incoming()).length > 0 || undefined);
    expect((await storage()).used).toBe(used + 100_000);
    put.destroy();
    await eventually('nothing is left', async () => (await incoming()).length === 0 || undefined);
    await eventually('its room is free', async () => (await storage()).used === used || undefined);
    expect(codeOf(await alice.ask(`${routes.variant}/${idOf(bytes)}`))).toBe('E-CORE-NOTFOUND');
  });

  test('W3: the limit of the operator holds over restarts and for many at once; what is left is said', async () => {
    const { used } = await storage();
    expect(await setQuota(String(used + 10_500))).toContain('its own limit');
    const before = await storage();
    expect([before.limit, before.left]).toEqual([used + 10_500, 10_500]);
    const many = Array.from({ length: 50 }, () => makeBytes(1000));
    const answers = await Promise.all(many.map(begin));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map(codeOf))).toEqual(new Set(['E-STORAGE-LIMIT']));
    expect(refused[0]?.status).toBe(413);
    expect(detailsOf(refused[0]!)).toEqual({ limit: used + 10_500, used: used + 10_000, left: 500 });
    expect(codeOf(await alice.ask(`${routes.blobs}/${idOf(many[0]!)}`, 'PUT', makeBytes(10)))).toBe(
      'E-BLOB-HASH',
    );
    await upload(makeBytes(500));
    await restart();
    const full = await begin(makeBytes(1));
    expect([full.status, codeOf(full)]).toEqual([402, 'E-STORAGE-FULL']);
    const put = makeBytes(1);
    expect(codeOf(await alice.ask(`${routes.blobs}/${idOf(put)}`, 'PUT', put))).toBe('E-STORAGE-FULL');
    for (const answer of answers.filter(({ status }) => status === 201))
      await alice.ask(place(dataOf(answer, uploadSchema).id ?? ''), 'DELETE');
    expect((await storage()).left).toBe(10_000);
    expect(await setQuota('default')).toContain('as for everybody');
    expect((await storage()).limit).toBe(10 * 1024 ** 3);
  });

  test('W4: a file names what was brought; deleted, its room is free at once and its bytes go later', async () => {
    const { used } = await storage();
    const bytes = makeBytes(5000);
    const { answer } = await name(bytes);
    expect([codeOf(answer), detailsOf(answer)]).toEqual(['E-CORE-CONFLICT', { missing: [idOf(bytes)] }]);
    await upload(bytes);
    const { id, answer: named } = await name(bytes);
    expect(named.status).toBe(201);
    expect(codeOf(await alice.ask(`${routes.blobs}/${idOf(bytes)}`, 'DELETE'))).toBe('E-CORE-NOTFOUND');
    expect((await alice.ask(`${routes.files}/${id}`, 'DELETE')).status).toBe(200);
    expect(codeOf(await alice.ask(`${routes.files}/${id}`, 'DELETE'))).toBe('E-CORE-NOTFOUND');
    expect((await storage()).used).toBe(used);
    const attached = makeBytes(6000);
    await upload(attached);
    const { id: kept } = await name(attached);
    await alice.say({ t: 'POST:IMG', c: 'The sea', a: [kept] });
    expect(codeOf(await alice.ask(`${routes.files}/${kept}`, 'DELETE'))).toBe('E-CORE-CONFLICT');
    for (let passed = 0; passed < 9; passed++) await network.advance(day);
    alice.forgetToken();
    expect(codeOf(await alice.ask(`${routes.variant}/${idOf(bytes)}`))).toBe('E-CORE-NOTFOUND');
    expect((await alice.ask(`${routes.variant}/${idOf(attached)}`)).status).toBe(200);
  });

  test('damage is named after a check, and ends when the bytes are sent again', async () => {
    const bytes = makeBytes(7000);
    const blob = await upload(bytes);
    const file = join(alice.relay.folder, 'public', 'blobs', blob.slice(3, 5), blob);
    await writeFile(file, bytes.with(9, bytes[9]! ^ 1));
    // One that is under way already may have passed it.
    await eventually('the damage is found', async () => {
      const state = dataOf(await alice.ask(`${routes.storage}/verify`, 'POST'), storageSchema);
      return state.damaged.includes(blob) || undefined;
    });
    const { used } = await storage();
    await upload(bytes);
    const healed = await storage();
    expect([healed.damaged, healed.used]).toEqual([[], used]);
    expect((await alice.ask(`${routes.variant}/${blob}`)).status).toBe(200);
  });

  test('what an earlier version stored counts and stays', async () => {
    const { used } = await storage();
    await alice.relay.stop();
    const database = new Sqlite(join(alice.relay.folder, 'private', 'islet.db'));
    database.exec('delete from holdings; delete from chores');
    database.close();
    await alice.relay.start();
    // Of what was deleted before, the bytes are there until they are collected, and nobody knows any more whose they were.
    expect((await storage()).used).toBeGreaterThanOrEqual(used);
    expect((await begin(makeBytes(10))).status).toBe(201);
  });

  test('browsers may send pieces from the origin of the app', async () => {
    const headers = { origin: 'https://alice.test', 'access-control-request-method': 'PATCH' };
    const answer = await alice.relay.ask(place('any'), { method: 'OPTIONS', headers });
    expect(answer.headers['access-control-allow-methods']).toContain('PATCH');
  });

  test('a device that may not, and a stranger, are refused', async () => {
    const reader = await alice.enrolSecond([{ act: 'file/read', res: '*' }]);
    const bytes = makeBytes(10);
    const id = await beginId(bytes);
    expect(codeOf(await reader.ask(routes.uploads, 'POST', { blob: idOf(bytes), size: 10 }))).toBe(
      'E-DELEGATION-SCOPE',
    );
    expect(codeOf(await reader.ask(place(id), 'DELETE'))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await reader.ask(`${routes.files}/f1~${'A'.repeat(43)}`, 'DELETE'))).toBe(
      'E-DELEGATION-SCOPE',
    );
    expect((await reader.ask(routes.storage)).status).toBe(200);
    for (const path of [routes.storage, place(id)])
      expect(codeOf(await alice.relay.ask(path))).toBe('E-AUTH-UNAUTH');
  });
});
