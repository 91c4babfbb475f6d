import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addressSchema,
  availableSchema,
  givenNameSchema,
  nameCheckSchema,
  namesHereSchema,
  namesRoutes,
  registeredSchema,
  relayNamesSchema,
} from '../../shared/api/names.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, noRecord, type Network, type TestRelay } from './network.ts';
import { openStockNode, type StockNode } from './stock-node.ts';
import { asRelay, invite, settle, takeName } from './tenants.ts';

let network: Network;
let relay: TestRelay;
let alice: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test');
  relay = network.relays[0]!;
  alice = await TestDevice.enrolFirst(network, relay);
});
afterAll(() => network.close());

const restart = async (registration: string) => {
  await relay.stop();
  await relay.start({ REGISTRATION: registration });
};
const stateOf = async (invitation: string) =>
  dataOf(await relay.ask(`${namesRoutes.names}?invitation=${invitation}`), relayNamesSchema).invitation;

describe('who gets a name', () => {
  test('N20, N15: an invitation is for one name; its holder gets it again until a device is enrolled', async () => {
    const invitation = await invite(alice, 'Bob');
    expect(await stateOf(invitation)).toBe('open');
    const wanted = { idTag: 'bob.alice.test', invitation };
    const first = dataOf(await takeName(relay, wanted), givenNameSchema);
    const again = dataOf(await takeName(relay, wanted), givenNameSchema);
    expect(again.setup).not.toBe(first.setup);
    expect(await stateOf(invitation)).toBe('used');
    expect(codeOf(await takeName(relay, { idTag: 'rob.alice.test', invitation }))).toBe('E-INVITE-UNKNOWN');
    const other = { idTag: 'bob.alice.test', invitation: await invite(alice) };
    expect(codeOf(await takeName(relay, other))).toBe('E-NAME-TAKEN');
    await TestDevice.enrolFirst(network, asRelay(relay, parseIdTag('bob.alice.test'), again.setup));
    expect(codeOf(await takeName(relay, wanted))).toBe('E-NAME-TAKEN');
  });

  test('N14: what a name may be', async () => {
    const invitation = await invite(alice);
    const codes = await Promise.all(
      ['alice.test', 'www.alice.test', 'a.alice.test', 'x.y.alice.test', `${'x'.repeat(31)}.alice.test`].map(
        async (idTag) => codeOf(await takeName(relay, { idTag, invitation })),
      ),
    );
    expect(codes).toEqual(['E-NAME-TAKEN', ...Array<string>(4).fill('E-NAME-REFUSED')]);
    for (const idTag of ['Bob.alice.test', 'cl-o.alice.test', '-bob.alice.test', 'bob..alice.test'])
      expect(codeOf(await takeName(relay, { idTag, invitation }))).toBe('E-VAL-INVALID');
    expect(await stateOf(invitation)).toBe('open');
  });

  test('N15, N20: without an invitation nobody; an expired or withdrawn one is none', async () => {
    expect(codeOf(await takeName(relay, { idTag: 'eve.alice.test' }))).toBe('E-NAME-REFUSED');
    const unknown = { idTag: 'eve.alice.test', invitation: 'A'.repeat(24) };
    expect(codeOf(await takeName(relay, unknown))).toBe('E-INVITE-UNKNOWN');
    const withdrawn = await invite(alice, 'Eve');
    const { invitations } = dataOf(await alice.ask(namesRoutes.here), namesHereSchema);
    const { id } = invitations.find(({ note }) => note === 'Eve')!;
    expect((await alice.ask(`${namesRoutes.invitations}/${id}`, 'DELETE')).status).toBe(200);
    expect((await alice.ask(`${namesRoutes.invitations}/${id}`, 'DELETE')).status).toBe(404);
    expect(codeOf(await takeName(relay, { ...unknown, invitation: withdrawn }))).toBe('E-INVITE-UNKNOWN');
    const late = await invite(alice);
    await network.advance(7 * 86_400_000);
    expect(await stateOf(late)).toBe('expired');
    expect(codeOf(await takeName(relay, { ...unknown, invitation: late }))).toBe('E-INVITE-UNKNOWN');
    alice.forgetToken();
  });

  test('N15: a device that may not let others in', async () => {
    const phone = await alice.enrolSecond([{ act: 'action/*', res: '*' }]);
    expect(codeOf(await phone.ask(namesRoutes.invitations, 'POST', {}))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await phone.ask(namesRoutes.here))).toBe('E-DELEGATION-SCOPE');
    const carol = await settle(alice, 'carol.alice.test');
    expect(codeOf(await carol.ask(namesRoutes.invitations, 'POST', {}))).toBe('E-AUTH-NOPERM');
  });

  test('N15: the device of the first identity takes one for a community without an invitation', async () => {
    const wanted = { idTag: 'club.alice.test', type: 'community' };
    const { setup } = dataOf(await alice.ask(namesRoutes.names, 'POST', wanted), givenNameSchema);
    const club = await TestDevice.enrolFirst(network, asRelay(relay, parseIdTag('club.alice.test'), setup));
    expect((await club.relay.ask(routes.me)).json()).toMatchObject({ data: { type: 'community' } });
    const { identities } = dataOf(await alice.ask(namesRoutes.here), namesHereSchema);
    expect(identities[0]).toMatchObject({ idTag: 'alice.test', claimed: true });
    expect(identities).toContainEqual({ idTag: 'club.alice.test', type: 'community', claimed: true });
  });

  test('N20: a closed relay neither invites nor takes an earlier invitation; an open one asks for none', async () => {
    const earlier = await invite(alice);
    await restart('closed');
    expect(codeOf(await alice.ask(namesRoutes.invitations, 'POST', {}))).toBe('E-NAME-REFUSED');
    const wanted = { idTag: 'dan.alice.test', invitation: earlier };
    expect(codeOf(await takeName(relay, wanted))).toBe('E-NAME-REFUSED');
    await restart('open');
    expect((await takeName(relay, { idTag: 'dan.alice.test' })).status).toBe(201);
    for (let i = 0; i < 30; i++) await takeName(relay, { idTag: `many${i}.alice.test` });
    expect(codeOf(await takeName(relay, { idTag: 'last.alice.test' }))).toBe('E-NAME-REFUSED');
    await network.advance(3_700_000);
    alice.forgetToken();
    await restart('invite');
  });
});

describe('a name of one’s own domain', () => {
  const name = 'bob.example';
  const api = `cl-o.${name}`;
  let invitation: string;
  const look = async () =>
    dataOf(await relay.ask(`${namesRoutes.check}?idTag=${name}&invitation=${invitation}`), nameCheckSchema);
  const take = () => takeName(relay, { idTag: name, invitation });
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  beforeAll(async () => {
    invitation = await invite(alice, 'own domain');
  });

  test('N17: only who may have a name has it looked at', async () => {
    expect(codeOf(await relay.ask(`${namesRoutes.check}?idTag=${name}`))).toBe('E-AUTH-UNAUTH');
    expect((await alice.ask(`${namesRoutes.check}?idTag=${name}`)).status).toBe(200);
    const looked = async (invitation?: string) =>
      (await takeName(relay, { idTag: name, ...(invitation && { invitation }) })).text.includes('details');
    const each = [undefined, 'x'.repeat(24), invitation].map((code) => looked(code));
    expect(await Promise.all(each)).toEqual([false, false, true]);
  });

  test('N16, N17: no record is told from no answer, elsewhere and private; each refuses the name', async () => {
    const servfail = Object.assign(new Error('queryA ESERVFAIL'), { code: 'ESERVFAIL' });
    const rows = [
      [noRecord(api), 'none'],
      [servfail, 'unanswered'],
      [['93.184.216.200'], 'elsewhere'],
      [['10.0.0.1'], 'private'],
    ] as const;
    for (const [record, state] of rows) {
      network.setRecord(api, record);
      const { ok, hosts } = await look();
      expect([ok, hosts[0]!.state], state).toEqual([false, state]);
      expect(codeOf(await take())).toBe('E-NAME-REFUSED');
    }
  });

  test('N17: says the exact records', async () => {
    const { hosts } = await look();
    const value = network.addressOf(relay);
    expect(hosts).toMatchObject([
      {
        host: api,
        required: true,
        records: [
          { type: 'CNAME', host: api, value: 'cl-o.alice.test' },
          { type: 'A', host: api, value },
        ],
      },
      { host: name, required: false, records: [{ type: 'A', host: name, value }] },
    ]);
  });

  test('N17: the way: refused connections, certificates, another server', async () => {
    const elsewhere = ['93.184.216.200'];
    const rows = [
      ['ECONNREFUSED', { tls: { state: 'unreachable' }, reach: { state: 'unreachable' } }],
      ['ERR_TLS_CERT_ALTNAME_INVALID', { tls: { state: 'wrong-name' }, reach: { state: 'waits' } }],
      ['CERT_HAS_EXPIRED', { tls: { state: 'expired' } }],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', { tls: { state: 'untrusted' } }],
    ] as const;
    network.setRecord(api, elsewhere);
    for (const [code, way] of rows) {
      network.setDoor(api, failing(code));
      expect(await look()).toMatchObject({ ok: false, ...way });
    }
    const other = await createNetwork('other.test');
    network.setDoor(api, () => other.relays[0].connect());
    expect(await look()).toMatchObject({ ok: false, tls: { state: 'ok' }, reach: { state: 'another' } });
    network.setDoor(api, undefined);
    await other.close();
  });

  test('N17: the relay’s own address will do where it cannot connect to itself', async () => {
    network.setRecord(api, [network.addressOf(relay)]);
    network.setDoor(api, failing('ETIMEDOUT'));
    expect(await look()).toMatchObject({
      ok: true,
      hosts: [{ state: 'ok' }, {}],
      reach: { state: 'unreachable' },
    });
    network.setDoor(api, undefined);
  });

  test('N22: a proxy may get a certificate for a name that is looked at, and for no other', async () => {
    const serves = async (domain: string) =>
      (await relay.ask(`${namesRoutes.serves}?domain=${domain}`, { host: '127.0.0.1' })).status;
    expect(await Promise.all([api, name, 'alice.test', 'cl-o.alice.test'].map(serves))).toEqual(
      Array(4).fill(200),
    );
    expect(await Promise.all(['other.example', 'cl-o.other.example', ''].map(serves))).toEqual(
      Array(3).fill(404),
    );
  });

  test('N16, N17: once it leads here it is taken, and lives', async () => {
    expect(await look()).toMatchObject({ ok: true, tls: { state: 'ok' }, reach: { state: 'ok' } });
    const { setup } = dataOf(await take(), givenNameSchema);
    const bob = await TestDevice.enrolFirst(network, asRelay(relay, parseIdTag(name), setup));
    await bob.say({ t: 'POST', c: 'On my own name', v: 'P' });
    expect((await bob.items()).length).toBe(1);
  });
});

describe('a relay that gives names to others', () => {
  let node: StockNode;
  const register = async (c: object, aud = 'alice.test', at: TestRelay = relay) => {
    const token = await node.sign({ t: 'IDP:REG', aud: parseIdTag(aud), c });
    const send = () =>
      at.ask(routes.inboxSync, { method: 'POST', headers: json, body: JSON.stringify({ token }) });
    return { answer: await send(), send };
  };
  const available = async (idTag: string) =>
    dataOf(await relay.ask(`${namesRoutes.available}?idTag=${idTag}`), availableSchema).available;

  beforeAll(async () => {
    node = await openStockNode(network, 'erin.test');
  });
  afterAll(() => node.close());

  test('N19: says which names are free', async () => {
    expect(await available('erin.alice.test')).toBe(true);
    for (const taken of ['alice.test', 'bob.alice.test', 'www.alice.test', 'erin.test', 'no name'])
      expect(await available(taken)).toBe(false);
  });

  test('N18: who is not invited is told so, as the wire says it', async () => {
    const { answer } = await register({ idTag: 'erin.alice.test', address: '93.184.216.77' });
    expect(answer.status).toBe(201);
    expect(dataOf(answer, registeredSchema)).toMatchObject({ success: false });
    expect(await available('erin.alice.test')).toBe(true);
  });

  test('N18, N19: a name whose identity is elsewhere, its key, and when it is active', async () => {
    const c = {
      idTag: 'erin.alice.test',
      address: 'auto',
      invitation: await invite(alice),
      issuer: 'registrar',
    };
    const { answer, send } = await register(c);
    const given = dataOf(answer, registeredSchema);
    expect(given).toMatchObject({ success: true, identityStatus: 'pending' });
    expect(codeOf(await send())).toBe('E-ASSERTION-REPLAYED');
    expect(await available('erin.alice.test')).toBe(false);
    expect((await relay.ask(routes.me, { host: 'cl-o.erin.alice.test' })).status).toBe(421);
    const path = `${namesRoutes.identities}/erin.alice.test/address`;
    const put = (key: string, address: string) =>
      relay.ask(path, {
        method: 'PUT',
        headers: { ...json, authorization: `Bearer ${key}` },
        body: JSON.stringify({ address }),
      });
    expect((await put('idp_wrong', '93.184.216.78')).status).toBe(401);
    expect(dataOf(await put(given.apiKey!, '93.184.216.78'), addressSchema).identityStatus).toBe('pending');
    network.setRecord('cl-o.erin.alice.test', ['93.184.216.78']);
    expect(dataOf(await put(given.apiKey!, '93.184.216.78'), addressSchema)).toEqual({
      ...{ idTag: 'erin.alice.test', address: '93.184.216.78', identityStatus: 'active' },
    });
    const { identities } = dataOf(await alice.ask(namesRoutes.here), namesHereSchema);
    expect(identities).toContainEqual({
      ...{ idTag: 'erin.alice.test', type: 'person', claimed: true, address: '93.184.216.78', active: true },
    });
  });

  test('N18: a name whose identity is to be here comes with its setup link', async () => {
    const { answer } = await register({ idTag: 'fay.alice.test', invitation: await invite(alice) });
    const { activationRef } = dataOf(answer, registeredSchema);
    const [, setup, idTag] = /^https:\/\/alice\.test\/setup#([\w-]+)&(.+)$/.exec(activationRef ?? '') ?? [];
    const fay = await TestDevice.enrolFirst(network, asRelay(relay, parseIdTag(idTag), setup!));
    expect((await fay.items()).length).toBe(0);
  });

  test('N18: only the first identity gives names, and only what is signed for it counts', async () => {
    const bob = asRelay(relay, parseIdTag('bob.alice.test'), '');
    const c = { idTag: 'gil.alice.test', invitation: await invite(alice) };
    const { answer } = await register(c, 'bob.alice.test', bob);
    expect(dataOf(answer, registeredSchema).success).toBe(false);
    expect(codeOf((await register(c, 'bob.alice.test')).answer)).toBe('E-ACTION-AUDIENCE');
    expect(await available('gil.alice.test')).toBe(true);
  });
});
