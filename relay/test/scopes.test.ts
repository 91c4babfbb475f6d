import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { ownDelegationSchema } from '../../shared/api/devices.ts';
import {
  folderCapabilities,
  type PresetName,
  presetNames,
  presetToCapabilities,
} from '../../shared/device/presets.ts';
import { blobId } from '../../shared/file/blob-id.ts';
import { actionListSchema, guestTokenSchema, receiptSchema, routes } from '../../shared/routes.ts';
import { codeOf, createKeys, dataOf, json, nonce, TestDevice, type Words } from './device.ts';
import { createNetwork, type TestAnswer } from './network.ts';
import { RoomClient, share } from './room-client.ts';
import { RoomDevice } from './room-device.ts';
import { sendFile } from './send-file.ts';
import { counted } from '../../shared/test/counted.ts';

const doc = 'aBcDeFgHiJkLmNoPqRsTuVwX';
const scope = 'E-DELEGATION-SCOPE';
type Verdicts = readonly [everything: string, daily: string, read: string, post: string];

/** A change that no other makes. */
const edit = (): Uint8Array => {
  const ydoc = new Y.Doc();
  ydoc.getText('text').insert(0, nonce());
  return Y.encodeStateAsUpdate(ydoc);
};
const verdictOf = (answer: TestAnswer): string => (answer.status < 300 ? 'ok' : codeOf(answer));

describe('C10, C11: what a device may do', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let first: TestDevice;
  let bob: TestDevice;
  const devices = new Map<PresetName, TestDevice>();
  let inFolder: TestDevice;
  const known = { file: '', post: '', message: '' };

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    first = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
    for (const name of presetNames) devices.set(name, await first.enrolSecond(presetToCapabilities(name)));
    inFolder = await first.enrolSecond(folderCapabilities('0'.repeat(24), true));
    known.file = (await sendFile(first, [{ bytes: randomBytes(40) }])).id;
    known.post = await first.say({ t: 'POST', c: 'Hello' });
    known.message = await first.say({ t: 'MSG', aud: bob.relay.idTag, c: 'For you', v: 'D' });
    const room = await RoomDevice.open(first, doc);
    room.text.insert(0, 'Plans');
    await room.whenStored();
    room.close();
    await share(first, doc, bob.relay.idTag);
  });
  afterAll(() => network.close());

  const ask =
    (path: string, method = 'GET', body?: unknown) =>
    async (device: TestDevice) =>
      verdictOf(await device.ask(path, method, body));
  const say = (words: Words) => async (device: TestDevice) => {
    const body = { drafts: [await device.draft(words)] };
    const [receipt] = dataOf(await device.ask(routes.actions, 'POST', body), receiptSchema).results;
    return receipt?.status === 'refused' ? receipt.code : 'ok';
  };
  const openSocket = async (device: TestDevice) => {
    const socket = await device.sync();
    await Promise.race([socket.next('current'), socket.untilClosed()]);
    const refusal = socket.frames.find((frame) => frame.kind === 'error');
    return { socket, verdict: refusal?.code ?? 'ok' };
  };
  const push = async (device: TestDevice) => {
    const session = nonce();
    const socket = await device.sync(session);
    await Promise.race([socket.next('current'), socket.untilClosed()]);
    socket.send({ kind: 'push', batches: [await device.batch(session, 0, [[doc, edit()]])] });
    const answer = await Promise.race([socket.next('ack'), socket.next('error')]);
    socket.close();
    return answer.kind === 'error' ? answer.code : 'ok';
  };
  const openRoom =
    (access: string, token?: (device: TestDevice) => Promise<string>) => async (device: TestDevice) => {
      const shown = token ? await token(device) : await device.accessToken();
      const room = await RoomClient.open({ relay: device.relay, doc, token: shown, access });
      const end = await Promise.race([room.whenSynced().then(() => undefined), room.whenClosed()]);
      room.close();
      return end ? String(end.code) : 'ok';
    };
  const scopeOf = async (device: TestDevice) => {
    const answer = await device.ask(`${routes.accessToken}?scope=file:${doc}:W`);
    if (answer.status >= 300) return codeOf(answer);
    return String(decodeJwt(dataOf(answer, guestTokenSchema).token).scope).slice(-1);
  };
  const listedTypes = async (device: TestDevice) => {
    const answer = await device.ask(`${routes.actions}?limit=500`);
    if (answer.status >= 300) return codeOf(answer);
    const { items } = dataOf(answer, actionListSchema);
    const ids = items.map(({ actionId }) => actionId);
    return [ids.includes(known.post) && 'post', ids.includes(known.message) && 'message']
      .filter(Boolean)
      .join(' ');
  };
  const putBlob = async (device: TestDevice) => {
    const bytes = Uint8Array.from(randomBytes(20));
    return verdictOf(await device.ask(`${routes.blobs}/${await blobId(bytes)}`, 'PUT', bytes));
  };
  const giveUp = async (device: TestDevice) => {
    const bytes = Uint8Array.from(randomBytes(20));
    const path = `${routes.blobs}/${await blobId(bytes)}`;
    await first.ask(path, 'PUT', bytes);
    return verdictOf(await device.ask(path, 'DELETE'));
  };
  const beginUpload = async (device: TestDevice) => {
    const blob = await blobId(Uint8Array.from(randomBytes(20)));
    return verdictOf(await device.ask(routes.uploads, 'POST', { blob, size: 20 }));
  };
  const enter =
    (op: (device: TestDevice) => Promise<Parameters<TestDevice['sign']>[1]>) =>
    async (device: TestDevice) => {
      const entry = await device.sign(await device.log(), await op(device));
      return verdictOf(await device.ask(routes.deviceLog, 'POST', { entry }));
    };
  const addAnother = enter(async (device) => ({
    t: 'add',
    device: new TestDevice(network, device.relay, await createKeys()).describe('one more'),
    cap: presetToCapabilities('read'),
  }));
  const give = enter(() => Promise.resolve({ t: 'order', order: 'connect', on: true }));
  /** What it has after it was narrowed. */
  const renewed = async (device: TestDevice) => {
    const body = JSON.stringify({ assertion: await device.assertion() });
    const answer = await device.relay.ask(routes.delegation, { method: 'POST', headers: json, body });
    device.delegation = dataOf(answer, ownDelegationSchema).delegation;
    device.forgetToken();
  };
  const dynamic =
    (path: () => string, method = 'GET', body?: unknown) =>
    (device: TestDevice) =>
      ask(path(), method, body)(device);

  const yes = ['ok', 'ok', 'ok', 'ok'] as const;
  const writers = ['ok', 'ok', scope, scope] as const;
  const readers = ['ok', 'ok', 'ok', scope] as const;
  /** The last one is of a device with one folder, where it is not refused as such (C16). */
  const rows: readonly (readonly [string, (device: TestDevice) => Promise<string>, Verdicts, string?])[] = [
    ['opens the socket of the log', async (device) => (await openSocket(device)).verdict, readers, 'ok'],
    ['pushes rows', push, writers],
    ['reads in a room', openRoom('read'), ['ok', 'ok', 'ok', '4403'], '4403'],
    ['writes in a room', openRoom('write'), ['ok', 'ok', '4403', '4403'], '4403'],
    ['has a token for a document', scopeOf, ['W', 'W', 'R', scope]],
    ['reads what is said of a document', ask(`${routes.files}/${doc}/metadata`), readers],
    ['lists actions', listedTypes, ['post message', 'post message', 'post message', 'post']],
    ['reads a post', dynamic(() => `${routes.actions}/${known.post}`), yes],
    [
      'reads a message',
      dynamic(() => `${routes.action}/${known.message}`),
      ['ok', 'ok', 'ok', 'E-CORE-NOTFOUND'],
    ],
    [
      'reads the proof of a message',
      dynamic(() => `${routes.actions}/${known.message}/proof`),
      ['ok', 'ok', 'ok', 'E-CORE-NOTFOUND'],
    ],
    ['posts', say({ t: 'POST', c: 'Hello again' }), ['ok', 'ok', scope, 'ok']],
    ['writes a message', say({ t: 'MSG', aud: 'bob.test' as never, c: 'Hello', v: 'D' }), writers],
    ['follows', say({ t: 'FLLW', aud: 'bob.test' as never }), writers],
    [
      'shares a document',
      say({
        t: 'FSHR',
        aud: 'bob.test' as never,
        sub: doc,
        v: 'D',
        c: { contentType: 'islet/text', fileName: 'Plans', fileTp: 'CRDT' },
      }),
      writers,
    ],
    [
      'says that somebody is there',
      ask(`${routes.people}/presence`, 'POST', { t: 'PRES:TYPING', about: '@bob.test', to: 'bob.test' }),
      writers,
    ],
    [
      'has a delivery tried again',
      dynamic(() => `${routes.actions}/${known.message}/deliveries`, 'POST', { retry: true }),
      writers,
    ],
    ['brings a blob', putBlob, ['ok', 'ok', scope, 'ok'], 'ok'],
    ['begins an upload', beginUpload, ['ok', 'ok', scope, 'ok'], 'ok'],
    ['reads a file of its own', dynamic(() => `${routes.files}/${known.file}`), readers, 'ok'],
    ['reads what is said of a file', dynamic(() => `${routes.files}/${known.file}/metadata`), readers, 'ok'],
    ['sees the storage', ask(routes.storage), readers],
    ['gives up a blob', giveUp, writers],
    ['lists people', ask(routes.people), yes],
    ['blocks somebody', ask(`${routes.people}/bob.test`, 'PUT', { muted: true }), writers],
    ['goes to a neighbour', ask(`${routes.proxyToken}?idTag=bob.test`), writers],
    [
      'reads the outbox of its own identity',
      ask(routes.outbox),
      ['E-AUTH-UNAUTH', 'E-AUTH-UNAUTH', 'E-AUTH-UNAUTH', 'E-AUTH-UNAUTH'],
      'E-AUTH-UNAUTH',
    ],
    ['changes the pictures of the profile', ask(routes.profile, 'POST', { coverPic: null }), writers],
    [
      'makes a link for a device',
      (device) => ask(routes.links, 'POST', { id: nonce(), expiresAt: device.seconds() + 60 })(device),
      ['ok', scope, scope, scope],
    ],
    ['sees who waits at the door', ask(routes.links), ['ok', scope, scope, scope]],
    [
      'lets a device in',
      addAnother,
      ['ok', 'E-LOG-PERMISSION', 'E-LOG-PERMISSION', 'E-LOG-PERMISSION'],
      'E-LOG-PERMISSION',
    ],
    [
      'gives a standing order',
      give,
      ['ok', 'ok', 'E-LOG-PERMISSION', 'E-LOG-PERMISSION'],
      'E-LOG-PERMISSION',
    ],
    ['sees what lost devices left', ask(routes.quarantine), writers],
    ['reads the rows of a document', ask(`${routes.documents}/${doc}/rows`), readers],
    ['reads the rows of the index', ask(`${routes.documents}/index/rows`), readers],
    ['sees how long the log is', ask(routes.documents), readers],
  ];

  const doors = rows.map(([what, operation, expected, folderVerdict = scope]) => ({
    ...{ what, operation, expected, folderVerdict },
  }));
  test.each(doors)('C10, C11, C16: who $what', async ({ operation, expected, folderVerdict }) => {
    const verdicts = [];
    for (const name of presetNames) verdicts.push(await operation(devices.get(name)!));
    expect([...verdicts, await operation(inFolder)]).toEqual([...expected, folderVerdict]);
    counted('doors tried by devices that may more or less', verdicts.length + 1);
  });

  test.each([
    ['PUT', `${routes.documents}/${doc}/base`],
    ['POST', `${routes.storage}/verify`],
    ['DELETE', `${routes.files}/f1~${'A'.repeat(43)}`],
    ['GET', `${routes.quarantine}/${'A'.repeat(43)}`],
    ['DELETE', `${routes.quarantine}/${'A'.repeat(43)}`],
    ['PUT', `${routes.people}/bob.test`],
    ['GET', `${routes.people}/bob.test`],
    ['POST', routes.adopt],
    ['GET', `${routes.folders}/${doc}`],
    ['PATCH', `${routes.folders}/${doc}`],
  ])('C16: %s %s is closed to a device with one folder, whatever it brings', async (method, path) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    expect(codeOf(await inFolder.ask(path, method, body))).toBe(scope);
  });

  test('C11: a device that may only read hears of edits, and its own are in no log', async () => {
    const reader = devices.get('read')!;
    const { socket } = await openSocket(reader);
    const writer = await RoomDevice.open(first, doc);
    writer.text.insert(0, 'More ');
    await writer.whenStored();
    await socket.next('provisional');
    const head = (await socket.next('committed')).seq;
    socket.close();
    expect(await push(reader)).toBe(scope);
    const again = await reader.sync();
    expect((await again.next('current')).seq).toBe(head);
    again.close();
    writer.close();
  });

  test('C11: a token for a document gives no more than the device may do by then', async () => {
    const phone = await first.enrolSecond(presetToCapabilities('daily'));
    const token = dataOf(
      await phone.ask(`${routes.accessToken}?scope=file:${doc}:W`),
      guestTokenSchema,
    ).token;
    const room = await RoomClient.open({ relay: phone.relay, doc, token });
    await room.whenSynced();
    const cap = presetToCapabilities('read');
    await enter(() => Promise.resolve({ t: 'change', did: phone.keys.did, cap }))(first);
    expect([4401, 4403]).toContain((await room.whenClosed(5_000)).code);
  });

  test('C12: a narrowed device has its socket closed, and comes back as what it is now', async () => {
    const phone = await first.enrolSecond(presetToCapabilities('daily'));
    const { socket } = await openSocket(phone);
    const change = { t: 'change' as const, did: phone.keys.did, cap: presetToCapabilities('post') };
    expect(await enter(() => Promise.resolve(change))(first)).toBe('ok');
    expect(await socket.untilClosed()).toBe(4401);
    expect(codeOf(await phone.ask(routes.people))).toBe('E-DELEGATION-REVOKED');
    await renewed(phone);
    expect(verdictOf(await phone.ask(routes.people))).toBe('ok');
    expect((await openSocket(phone)).verdict).toBe(scope);
  });

  test('C12: a device whose time is over has its socket closed within seconds', async () => {
    const phone = await first.enrolSecond(presetToCapabilities('daily'));
    const until = first.seconds() + 600;
    await enter(() => Promise.resolve({ t: 'change', did: phone.keys.did, until }))(first);
    await renewed(phone);
    const { socket, verdict } = await openSocket(phone);
    expect(verdict).toBe('ok');
    await network.advance(601_000);
    expect(await socket.untilClosed()).toBe(4401);
    first.forgetToken();
  });
});
