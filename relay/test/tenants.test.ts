import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { blobIdToCid } from '../../shared/file/cid.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { actionId } from '../../shared/token/compact.ts';
import { relaySchema, routes } from '../../shared/routes.ts';
import { namesRoutes } from '../../shared/api/names.ts';
import { codeOf, dataOf, json, nonce, TestDevice } from './device.ts';
import { connect, follow, tell } from './friends.ts';
import { askAs, narrow, visit } from './guest.ts';
import { createNetwork, noRecord, type Network, type TestRelay } from './network.ts';
import { RoomClient } from './room-client.ts';
import { createPicture } from './pictures.ts';
import { openStockNode } from './stock-node.ts';
import { sendFile } from './send-file.ts';
import { TestSocket } from './socket.ts';
import { settle } from './tenants.ts';

const document = 'CrossingDocument00000000';

describe('two identities on one relay', () => {
  let network: Network;
  let relay: TestRelay;
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'carol.test');
    const [home, other] = network.relays;
    relay = home!;
    alice = await TestDevice.enrolFirst(network, relay);
    bob = await settle(alice, 'bob.alice.test');
    carol = await TestDevice.enrolFirst(network, other!);
    network.setRecord('cl-o.bob.alice.test', [network.addressOf(relay)]);
  });
  afterAll(() => network.close());

  test('N13: each has its own keys at its hosts; any other host gets 421', async () => {
    const profiles = await Promise.all(
      ['alice.test', 'bob.alice.test'].flatMap((name) =>
        [name, apiHost(parseIdTag(name))].map(async (host) =>
          dataOf(await relay.ask(routes.me, { host }), profileSchema),
        ),
      ),
    );
    expect(profiles.map(({ idTag }) => idTag)).toEqual([
      ...['alice.test', 'alice.test', 'bob.alice.test', 'bob.alice.test'],
    ]);
    expect(new Set(profiles.map(({ keys }) => keys[0]!.publicKey)).size).toBe(2);
    for (const host of ['cl-o.eve.alice.test', 'eve.alice.test', 'cl-o.cl-o.alice.test'])
      expect((await relay.ask(routes.me, { host })).status).toBe(421);
  });

  test('N13: the bare name says who it is, and leads to the app', async () => {
    const host = 'bob.alice.test';
    expect((await relay.ask(routes.idTag, { host })).json()).toEqual({ idTag: host });
    const page = await relay.ask('/', { host });
    expect([page.status, page.headers.location]).toEqual([302, 'https://alice.test/']);
    expect((await relay.ask('/index.html', { host })).status).toBe(404);
  });

  test('N21: the app finds the API of each', async () => {
    const find = async (query: string) =>
      dataOf(await relay.ask(`${routes.relay}${query}`, { host: 'alice.test' }), relaySchema);
    expect(await find('')).toMatchObject({ idTag: 'alice.test', apiBase: 'https://cl-o.alice.test' });
    expect(await find('?idTag=bob.alice.test')).toEqual({
      idTag: 'bob.alice.test',
      apiBase: 'https://cl-o.bob.alice.test',
      claimed: true,
    });
    const unknown = await relay.ask(`${routes.relay}?idTag=eve.alice.test`, { host: 'alice.test' });
    expect(codeOf(unknown)).toBe('E-CORE-HOST');
  });

  test('N13: they are neighbours: they follow, connect and write, though no name server knows them', async () => {
    for (const host of ['cl-o.bob.alice.test', 'cl-o.alice.test']) network.setRecord(host, noRecord(host));
    await follow(bob, alice);
    await tell(alice, { t: 'POST', c: 'To my readers', v: 'F' }, [bob]);
    await connect(alice, bob);
    await tell(bob, { t: 'MSG', c: 'Good morning', aud: alice.relay.idTag, v: 'D' }, [alice]);
    for (const host of ['cl-o.alice.test']) network.setRecord(host, undefined);
    network.setRecord('cl-o.bob.alice.test', [network.addressOf(relay)]);
  });

  test('N13: and neighbours of others, over one queue', async () => {
    await follow(carol, bob);
    await follow(carol, alice);
    await Promise.all([
      tell(bob, { t: 'POST', c: 'From Bob', v: 'F' }, [carol]),
      tell(alice, { t: 'POST', c: 'From Alice', v: 'F' }, [carol]),
    ]);
  });

  test('N13: a stop and a start: both are there again', async () => {
    await relay.stop();
    await relay.start();
    for (const host of ['cl-o.alice.test', 'cl-o.bob.alice.test'])
      expect((await relay.ask(routes.me, { host })).status).toBe(200);
    await tell(alice, { t: 'POST', c: 'Still here', v: 'F' }, [bob, carol]);
  });

  describe('N13: nothing of one does anything at the other', () => {
    /** As Alice's device would do it at Bob's host. */
    const intrude = async (path: string, method = 'GET', body?: unknown) =>
      bob.relay.ask(path, {
        method,
        headers: { ...json, authorization: `Bearer ${await alice.accessToken()}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const post = (path: string, body: unknown) =>
      bob.relay.ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) });

    test.each([
      ['GET', routes.people],
      ['PUT', `${routes.people}/carol.test`, { muted: true }],
      ['POST', routes.actions, { drafts: ['a.b.c'] }],
      ['GET', routes.devices],
      ['GET', routes.links],
      ['POST', routes.links, { id: 'A'.repeat(22), expiresAt: 1 }],
      ['GET', routes.storage],
      ['POST', routes.uploads, { blob: `b1~${'A'.repeat(43)}`, size: 5 }],
      ['GET', `${routes.proxyToken}?idTag=carol.test`],
      ['POST', routes.profile, {}],
      ['GET', namesRoutes.here],
      ['POST', namesRoutes.invitations, {}],
      ['GET', routes.quarantine],
      ['POST', `${routes.people}/presence`, { t: 'PRES:ONLINE', about: '@carol.test', to: 'carol.test' }],
    ] as const)('a token of its device: %s %s', async (method, path, body?: unknown) => {
      const { status } = await intrude(path, method, body);
      expect([401, 403]).toContain(status);
    });

    test('a token of its device gives a guest nothing either', async () => {
      const { id } = await sendFile(bob, [{ bytes: new Uint8Array([1, 2, 3]) }]);
      expect([401, 403, 404]).toContain((await intrude(`${routes.files}/${id}`)).status);
      const hidden = await bob.say({ t: 'POST', c: 'For those connected', v: 'C' });
      expect([401, 403, 404]).toContain((await intrude(`${routes.actions}/${hidden}`)).status);
    });

    test('an assertion, a delegation, and both', async () => {
      const exchange = (assertion: string, delegation: string) =>
        post(routes.token, {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion,
          delegation: [delegation],
        });
      const forBob = { aud: bob.relay.idTag };
      const tries = [
        await exchange(await alice.assertion(), alice.delegation),
        await exchange(await alice.assertion(forBob), alice.delegation),
        await exchange(await alice.assertion(forBob), bob.delegation),
        await exchange(await bob.assertion(), alice.delegation),
      ];
      expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    });

    test('a guest token, a PROXY token, a token for one file', async () => {
      const guest = await visit(carol, alice.relay, true);
      expect((await askAs(bob.relay, guest, routes.outbox)).status).toBe(401);
      const { id } = await sendFile(alice, [{ bytes: new Uint8Array([4, 5, 6]) }]);
      const scoped = await narrow(alice.relay, await alice.accessToken(), `file:${id}:R`).catch(() => guest);
      expect([401, 403, 404]).toContain((await askAs(bob.relay, scoped, `${routes.files}/${id}`)).status);
    });

    test('a file, and a blob of which somebody knows the name', async () => {
      const bytes = crypto.getRandomValues(new Uint8Array(400));
      const { id, blobs } = await sendFile(alice, [{ bytes }]);
      for (const rest of ['', '/descriptor', '/metadata'])
        expect((await bob.ask(`${routes.files}/${id}${rest}`)).status).toBe(404);
      expect((await bob.ask(`${routes.variant}/${blobs[0]}`)).status).toBe(404);
      const wanted = { blob: await blobId(bytes), size: bytes.length };
      const begun = await bob.ask(routes.uploads, 'POST', wanted);
      expect(begun.json()).toMatchObject({ data: { done: false, offset: 0 } });
      expect((await bob.ask(`${routes.files}/${id}`, 'DELETE')).status).toBe(404);
      expect((await alice.ask(`${routes.files}/${id}`)).status).toBe(200);
    });

    test('bytes of the other that a neighbour names as its own', async () => {
      const bytes = crypto.getRandomValues(new Uint8Array(300));
      const { blobs } = await sendFile(alice, [{ bytes }]);
      const picture = Uint8Array.from(await createPicture('webp', 16, 8));
      const descriptor = formatDescriptor([
        {
          name: 'vis.tn',
          blob: await blobId(picture),
          format: 'webp',
          size: picture.length,
          width: 16,
          height: 8,
        },
        { name: 'raw.orig', blob: blobs[0]!, format: 'bin', size: 300, width: 0, height: 0 },
      ]);
      const id = await fileId(descriptor);
      const dora = await openStockNode(network, 'dora.test');
      const page = JSON.stringify({ data: descriptor, time: new Date(network.now()) });
      dora.pages
        .set(`${routes.files}/${id}/descriptor`, page)
        .set(`${routes.variant}/${await blobId(picture)}`, picture);
      await bob.say({ t: 'FLLW', aud: parseIdTag('dora.test') });
      const token = await dora.sign({ t: 'POST:IMG', c: 'Mine', a: [id], v: 'P' });
      await post(routes.inbox, { token });
      await bob.eventually(await actionId(token), ({ files }) => files.length === 1);
      for (const ask of [bob.relay.ask, bob.ask.bind(bob)] as const) {
        expect((await ask(`${routes.variant}/${blobs[0]}`)).status).toBeGreaterThanOrEqual(400);
        expect((await ask(`${routes.ipfs}/${blobIdToCid(blobs[0]!)}?format=raw`)).status).toBe(404);
      }
      const original = await bob.ask(`${routes.files}/${id}?variant=raw.orig`);
      expect(original.headers.etag).not.toBe(`"${blobs[0]}"`);
      await dora.close();
    });

    test('drafts in the name of the other, and under the other', async () => {
      const ofAlice = await alice.draft({ t: 'POST', c: 'As Alice' });
      expect(await bob.submit(ofAlice)).toMatchObject([{ status: 'refused', code: 'E-ACTION-ISSUER' }]);
      const byAlice = await alice.draft({ t: 'POST', c: 'As Bob' }, { iss: bob.relay.idTag });
      expect(await bob.submit(byAlice)).toMatchObject([{ status: 'refused' }]);
    });

    test('an action for the other', async () => {
      await carol.say({ t: 'MSG', c: 'For Alice', aud: alice.relay.idTag, v: 'D' });
      const item = (await carol.items()).find(({ token }) => readAudience(token) === 'alice.test')!;
      expect(codeOf(await post(routes.inbox, { token: item.token }))).toBe('E-ACTION-AUDIENCE');
      const own = (await alice.items()).map(({ actionId }) => actionId);
      const private_ = (await alice.items()).filter(({ token }) => readAudience(token) === 'carol.test');
      expect(own.length).toBeGreaterThan(0);
      expect(
        (await bob.items()).filter((seen) => private_.some((held) => held.actionId === seen.actionId)),
      ).toEqual([]);
    });

    test('entries of the device log, setup links and links for devices', async () => {
      const entry = await alice.sign(await alice.log(), { t: 'remove', did: alice.keys.did });
      expect((await bob.ask(routes.deviceLog, 'POST', { entry })).status).toBeGreaterThanOrEqual(400);
      expect((await intrude(routes.deviceLog, 'POST', { entry })).status).toBeGreaterThanOrEqual(400);
      expect((await bob.log()).devices.size).toBe(1);
      const first = await carol.sign(undefined, {
        t: 'add',
        device: carol.describe(),
        cap: [{ act: '*', res: '*' }],
      });
      const setup = alice.setupToken();
      expect((await post(routes.enrol, { setup, entry: first })).status).toBeGreaterThanOrEqual(400);
      const id = nonce();
      await alice.ask(routes.links, 'POST', { id, expiresAt: alice.seconds() + 600 });
      expect((await alice.relay.ask(`${routes.links}/${id}`)).status).toBe(200);
      expect((await bob.relay.ask(`${routes.links}/${id}`)).status).toBe(404);
    });

    test('sockets', async () => {
      const socket = await bob.sync();
      await socket.next('welcome');
      socket.connection.close();
      const token = await alice.accessToken();
      const crossed = await TestSocket.open(bob.relay);
      crossed.send({ kind: 'hello', token, session: nonce(), cursor: { log: '', seq: 0, chain: '' } });
      expect(await crossed.untilClosed()).toBe(4401);
      for (const access of ['read', 'write']) {
        const room = await RoomClient.open({ relay: bob.relay, doc: document, token, access });
        expect((await room.whenClosed()).code).toBe(4401);
      }
    });
  });
});

function readAudience(token: string): unknown {
  return (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')) as { aud?: string })
    .aud;
}
