import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { createRandomId } from '../../shared/bytes.ts';
import { blobId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { limits, routes, storageSchema, uploadSchema } from '../../shared/routes.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { createNetwork, type TestRelay } from './network.ts';
import { createPicture } from './pictures.ts';
import { guestToken, share } from './room-client.ts';

type Device = TestDevice;

let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test', 'carol.test']>>>;
let alice: Device;
let bob: Device;
let carol: Device;
let doc: string;
let count = 0;

beforeAll(async () => {
  network = await createNetwork('alice.test', 'bob.test', 'carol.test');
  [alice, bob, carol] = await Promise.all([
    TestDevice.enrolFirst(network, network.relays[0]),
    TestDevice.enrolFirst(network, network.relays[1]),
    TestDevice.enrolFirst(network, network.relays[2]),
  ]);
  doc = createRandomId(randomBytes);
  await share(alice, doc, bob.relay.idTag);
});
afterAll(() => network.close());

/** A picture that nobody has yet. */
const draw = async () => Uint8Array.from(await createPicture('png', 20 + ++count, 20));
const missing = `b1~${'A'.repeat(43)}`;
const scoped = (level = 'W', of = doc, who: Device = bob) =>
  guestToken(who, alice.relay, `file:${of}:${level}`);
const get = (blob: string, token: string, at: TestRelay = alice.relay) =>
  at.ask(`${routes.variant}/${blob}`, { headers: { authorization: `Bearer ${token}` } });
const put = async (bytes: Uint8Array, token: string, of: { id?: string; at?: TestRelay } = {}) =>
  (of.at ?? alice.relay).ask(`${routes.blobs}/${of.id ?? (await blobId(Uint8Array.from(bytes)))}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: bytes,
  });

/** As a device brings a picture of a document: loose. */
async function bring(bytes: Uint8Array, device = alice): Promise<string> {
  const id = await blobId(Uint8Array.from(bytes));
  expect((await device.ask(`${routes.blobs}/${id}`, 'PUT', Uint8Array.from(bytes))).status).toBe(201);
  return id;
}

/** As a device brings a file of Files: not loose. */
async function keep(bytes: Uint8Array): Promise<string> {
  const blob = await blobId(Uint8Array.from(bytes));
  const begun = await alice.ask(routes.uploads, 'POST', { blob, size: bytes.length });
  const { id } = v.parse(v.object({ id: v.string() }), dataOf(begun, uploadSchema));
  const body = Uint8Array.from(bytes);
  const headers = { authorization: `Bearer ${await alice.accessToken()}`, 'upload-offset': '0' };
  const sent = await alice.relay.ask(`${routes.uploads}/${id}`, { method: 'PATCH', headers, body });
  expect(sent.status).toBe(200);
  const file = { name: 'vis.orig', blob, format: 'png', size: bytes.length, width: 20 + count, height: 20 };
  const names = { contentType: 'image/png', fileName: 'private.png' };
  const named = await alice.ask(routes.files, 'POST', { descriptor: formatDescriptor([file]), ...names });
  expect(named.status).toBe(201);
  return blob;
}

describe('pictures of a shared document are read', () => {
  test.each(['R', 'C', 'W'])('Z11, B5: with a token for it (%s), without name and type', async (level) => {
    const bytes = await draw();
    const blob = await bring(bytes);
    const token = await scoped(level);
    const answer = await get(blob, token);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(String(bytes.length));
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['content-disposition']).toBe('attachment');
    expect((await alice.relay.ask(`${routes.variant}/${blob}?token=${token}`)).status).toBe(200);
  });

  test('Z11: what is not there and what is not for the guest have one answer', async () => {
    const token = await scoped();
    const secret = await keep(await draw());
    const told = async (blob: string, shown: string) => (await get(blob, shown)).text.replace(/"time.*/, '');
    const nothing = await told(missing, token);
    expect(nothing).toContain('E-CORE-NOTFOUND');
    expect(await told(secret, token)).toBe(nothing);
    const other = createRandomId(randomBytes);
    await share(alice, other, carol.relay.idTag);
    const ended = await scoped('W', other, carol);
    const blob = await bring(await draw());
    expect((await get(blob, ended)).status).toBe(200);
    await share(alice, other, carol.relay.idTag, ':DEL');
    expect(await told(blob, ended)).toBe(nothing);
    expect(await told(missing, ended)).toBe(nothing);
    expect((await get(blob, token)).status).toBe(200);
  });

  test('Z11: not with a token for nothing in particular, a file, or another identity', async () => {
    const blob = await bring(await draw());
    expect(codeOf(await get(blob, await guestToken(bob, alice.relay)))).toBe('E-AUTH-UNAUTH');
    const theirs = await bring(await draw(), carol);
    const token = await scoped();
    expect(codeOf(await get(theirs, token, carol.relay))).toBe('E-AUTH-UNAUTH');
    expect(codeOf(await get(blob, `${token}x`))).toBe('E-AUTH-UNAUTH');
    expect((await get(theirs, token)).status).toBe(404);
  });

  test('Z11: nobody who is blocked', async () => {
    const blob = await bring(await draw());
    await share(alice, doc, carol.relay.idTag);
    const token = await scoped('R', doc, carol);
    expect((await get(blob, token)).status).toBe(200);
    await alice.ask(`${routes.people}/${carol.relay.idTag}`, 'PUT', { blocked: true });
    expect(codeOf(await get(blob, token))).toBe('E-AUTH-UNAUTH');
    await alice.ask(`${routes.people}/${carol.relay.idTag}`, 'PUT', { blocked: false });
  });
});

describe('pictures come into a shared document', () => {
  const used = async () => dataOf(await alice.ask(routes.storage), storageSchema).used;

  test('Z11, W1: who may write brings them; they count as the owner’s, once', async () => {
    const bytes = await draw();
    const blob = await blobId(Uint8Array.from(bytes));
    const token = await scoped();
    const before = await used();
    expect((await put(bytes, token)).status).toBe(201);
    expect((await put(bytes, token)).status).toBe(201);
    expect(await used()).toBe(before + bytes.length);
    expect((await alice.ask(`${routes.variant}/${blob}`)).status).toBe(200);
    expect((await get(blob, token)).status).toBe(200);
  });

  test('Z11: nobody who only reads or comments, by the share or by the token', async () => {
    const bytes = await draw();
    for (const level of ['R', 'C'])
      expect(codeOf(await put(bytes, await scoped(level)))).toBe('E-AUTH-NOPERM');
    const other = createRandomId(randomBytes);
    await share(alice, other, bob.relay.idTag);
    const token = await scoped('W', other);
    for (const level of [':COMMENT', '', ':DEL'] as const) {
      await share(alice, other, bob.relay.idTag, level);
      expect(codeOf(await put(bytes, token))).toBe('E-AUTH-NOPERM');
    }
    expect(codeOf(await put(bytes, await guestToken(bob, alice.relay)))).toBe('E-AUTH-UNAUTH');
    const fine = await scoped();
    expect(codeOf(await put(bytes, fine, { at: carol.relay }))).toBe('E-AUTH-UNAUTH');
    expect((await get(await blobId(Uint8Array.from(bytes)), fine)).status).toBe(404);
  });

  test('Z11: a hash alone gets nothing, even where the bytes are', async () => {
    const secret = await keep(await draw());
    const token = await scoped();
    expect(codeOf(await put(await draw(), token, { id: secret }))).toBe('E-BLOB-HASH');
    expect(codeOf(await put(new Uint8Array(), token, { id: secret }))).toBe('E-FILE-INVALID');
    expect((await get(secret, token)).status).toBe(404);
    expect((await alice.ask(`${routes.variant}/${secret}`)).status).toBe(200);
  });

  test('Z11: only pictures, and none that is too large', async () => {
    const token = await scoped();
    const page = new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(100)}</svg>`);
    for (const bytes of [page, new TextEncoder().encode('short'), page.subarray(0, 64)])
      expect(codeOf(await put(bytes, token))).toBe('E-FILE-INVALID');
    const before = await used();
    const large = new Uint8Array(limits.picture + 1);
    large.set(await draw());
    expect(codeOf(await put(large, token))).toBe('E-CORE-TOOLARGE');
    expect(await used()).toBe(before);
    const most = large.subarray(0, limits.picture);
    expect((await put(most, token)).status).toBe(201);
    expect(await used()).toBe(before + most.length);
  });

  test('Z11, W3: not beyond what the owner may have, and without saying how much that is', async () => {
    const token = await scoped();
    const bytes = await draw();
    const { used: now } = dataOf(await alice.ask(routes.storage), storageSchema);
    await alice.relay.stop();
    await alice.relay.start({ STORAGE_LIMIT: `${now + bytes.length - 1}B` });
    const answer = await put(bytes, token);
    expect(codeOf(answer)).toBe('E-STORAGE-FULL');
    expect(answer.text).not.toMatch(/\d{3}|details/);
    await alice.relay.stop();
    await alice.relay.start();
    expect((await put(bytes, token)).status).toBe(201);
  });
});
