import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { proxyTokenSchema, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { askAs, narrow, visit } from './guest.ts';
import { createNetwork, type TestAnswer, type TestRelay } from './network.ts';
import { share } from './room-client.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

const document = 'aBcDeFgHiJkLmNoPqRsTuVwX';
const other = 'XwVuTsRqPoNmLkJiHgFeDcBa';

describe('access of neighbours', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let stock: StockNode;
  const seconds = () => Math.floor(network.now() / 1000);
  const proxy = (change: object = {}) =>
    stock.sign({ t: 'PROXY', aud: alice.relay.idTag, exp: seconds() + 60, ...change });
  const exchange = (token: string): Promise<TestAnswer> =>
    alice.relay.ask(`${routes.accessToken}?token=${token}`);

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
    stock = await openStockNode(network, 'stock.test');
  });
  afterAll(async () => {
    await stock.close();
    await network.close();
  });

  test('O1, O2: a PROXY token of a stock node is taken for a JWT that ends in an hour', async () => {
    const token = await proxy();
    const answer = await exchange(token);
    const claims = decodeJwt(dataOf(answer, v.object({ token: v.string() })).token);
    expect(claims).toMatchObject({ iss: 'alice.test', sub: 'stock.test', r: 'public' });
    expect(claims.exp! - claims.iat!).toBe(3600);
  });

  test('O1: it is taken once, but for a node that asks again in the same second with the same bytes', async () => {
    const token = await proxy();
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const other = await proxy();
    expect((await exchange(other)).status).toBe(200);
    await network.advance(6_000);
    expect(codeOf(await exchange(other))).toBe('E-ASSERTION-REPLAYED');
  });

  test('O1: what is not for us, too old, too long or of another kind is refused', async () => {
    expect(codeOf(await exchange(await proxy({ aud: 'bob.test' })))).toBe('E-ACTION-AUDIENCE');
    expect(codeOf(await exchange(await proxy({ exp: seconds() + 400 })))).toBe('E-TOKEN-TIME');
    expect(codeOf(await exchange(await proxy({ exp: seconds() - 2 })))).toBe('E-TOKEN-TIME');
    expect(codeOf(await exchange(await proxy({ t: 'MSG', c: 'Hello' })))).toBe('E-ACTION-TYPE');
    const [head, payload] = (await proxy()).split('.');
    const strange = (await proxy({ exp: seconds() + 61 })).split('.')[2];
    expect(codeOf(await exchange(`${head}.${payload}.${strange}`))).toBe('E-TOKEN-SIGNATURE');
    expect(codeOf(await exchange('x.y.z'))).toBe('E-TOKEN-GRAMMAR');
  });

  test('O1: a PROXY token is no action: the inbox refuses it', async () => {
    const body = JSON.stringify({ token: await proxy() });
    const headers = { 'content-type': 'application/json' };
    expect((await alice.relay.ask(routes.inbox, { method: 'POST', headers, body })).status).toBe(400);
  });

  test('O2: without a token, and by ways that are not built, there is a clear refusal', async () => {
    expect(codeOf(await alice.relay.ask(routes.accessToken))).toBe('E-AUTH-UNAUTH');
    expect(codeOf(await alice.relay.ask(`${routes.accessToken}?scope=file:${document}:R`))).toBe(
      'E-AUTH-UNAUTH',
    );
    for (const way of ['refId=abc', 'apiKey=abc', 'via=abc'])
      expect(codeOf(await alice.relay.ask(`${routes.accessToken}?${way}`))).toBe('E-VAL-INVALID');
    expect(codeOf(await alice.relay.ask(`${routes.accessToken}?token=a&token=b`))).toBe('E-VAL-INVALID');
  });

  test('O6: a device gets a token of a neighbour and where to go; it is kept, and renewed on demand', async () => {
    const path = `${routes.proxyToken}?idTag=alice.test`;
    const { token, apiBase } = dataOf(await bob.ask(path), proxyTokenSchema);
    expect(apiBase).toBe('https://cl-o.alice.test');
    expect(await visit(bob, alice.relay)).toBe(token);
    await network.advance(1000);
    const renewed = await visit(bob, alice.relay, true);
    expect(renewed).not.toBe(token);
    await network.advance(3_590_000);
    bob.forgetToken();
    expect(await visit(bob, alice.relay)).not.toBe(renewed);
  });

  test('O6: only for devices, and only for those that may', async () => {
    const path = `${routes.proxyToken}?idTag=alice.test`;
    expect(codeOf(await bob.relay.ask(path))).toBe('E-AUTH-UNAUTH');
    expect(codeOf(await askAs(bob.relay, await visit(alice, bob.relay), path))).toBe('E-AUTH-UNAUTH');
    const reader = await bob.enrolSecond([{ act: 'action/read', res: '*' }]);
    expect(codeOf(await reader.ask(path))).toBe('E-DELEGATION-SCOPE');
  });

  test('O4: a token for one file gives at most what is shared at that moment', async () => {
    const token = await visit(bob, alice.relay);
    const ask = (scope: string, by = token) => askAs(alice.relay, by, `${routes.accessToken}?scope=${scope}`);
    const scopeOf = async (asked: string) => decodeJwt(await narrow(alice.relay, token, asked)).scope;
    expect(codeOf(await ask(`file:${document}:R`))).toBe('E-AUTH-NOPERM');
    await share(alice, document, bob.relay.idTag, '');
    expect(await scopeOf(`file:${document}:W`)).toBe(`file:${document}:R`);
    await share(alice, document, bob.relay.idTag, ':WRITE');
    expect(await scopeOf(`file:${document}:W`)).toBe(`file:${document}:W`);
    expect(await scopeOf(`file:${document}:C`)).toBe(`file:${document}:C`);
    expect(codeOf(await ask('apkg:publish'))).toBe('E-AUTH-NOPERM');
    const scoped = await narrow(alice.relay, token, `file:${document}:R`);
    expect(decodeJwt(await narrow(alice.relay, scoped, `file:${document}:W`)).scope).toBe(
      `file:${document}:R`,
    );
    await share(alice, other, bob.relay.idTag);
    expect(codeOf(await ask(`file:${other}:R`, scoped))).toBe('E-AUTH-NOPERM');
    await share(alice, document, bob.relay.idTag, ':DEL');
    expect(codeOf(await ask(`file:${document}:R`))).toBe('E-AUTH-NOPERM');
  });

  test('O4: no chain of scopes lasts longer than the first token', async () => {
    const token = await visit(bob, alice.relay);
    await network.advance(600_000);
    alice.forgetToken();
    const first = await narrow(alice.relay, token, `file:${other}:W`);
    const second = await narrow(alice.relay, first, `file:${other}:R`);
    expect(decodeJwt(second).exp).toBe(decodeJwt(token).exp);
  });

  test('O4: a token for a file that a device got ends with the access of the device', async () => {
    const phone = await alice.enrolSecond();
    const own = await narrow(alice.relay, await phone.accessToken(), `file:${document}:W`);
    expect(decodeJwt(own).scope).toBe(`file:${document}:W`);
    expect(decodeJwt(await narrow(alice.relay, own, `file:${document}:R`)).scope).toBe(`file:${document}:R`);
    await alice.remove(phone.keys.did);
    const answer = await askAs(alice.relay, own, `${routes.accessToken}?scope=file:${document}:R`);
    expect(codeOf(answer)).toBe('E-DELEGATION-REVOKED');
  });

  test('O2, O5: no token opens what another kind of token is for, at either relay', async () => {
    const [one, two] = [alice.relay, bob.relay];
    alice.forgetToken();
    bob.forgetToken();
    await share(alice, document, bob.relay.idTag);
    const guest = await visit(bob, one, true);
    const tokens = {
      'device of alice': await alice.accessToken(),
      'device of bob': await bob.accessToken(),
      'guest at alice': guest,
      'guest at bob': await visit(alice, two, true),
      'guest at alice, one file': await narrow(one, guest, `file:${document}:R`),
      'device of alice, one file': await narrow(one, await alice.accessToken(), `file:${document}:R`),
      PROXY: await proxy(),
      'proxy of a draft': await alice.draft({ t: 'POST', c: 'Hello' }),
    };
    const doors: readonly (readonly [string, TestRelay, string, readonly string[]])[] = [
      ['people of alice', one, routes.people, ['device of alice']],
      ['people of bob', two, routes.people, ['device of bob']],
      ['storage of alice', one, routes.storage, ['device of alice']],
      ['proxy token at alice', one, `${routes.proxyToken}?idTag=bob.test`, ['device of alice']],
      [
        'scope at alice',
        one,
        `${routes.accessToken}?scope=file:${document}:R`,
        ['device of alice', 'guest at alice', 'guest at alice, one file', 'device of alice, one file'],
      ],
      ['scope at bob', two, `${routes.accessToken}?scope=file:${document}:R`, ['device of bob']],
      ['outbox of alice', one, routes.outbox, []],
      ['outbox of bob', two, routes.outbox, []],
    ];
    const opened: string[] = [];
    const expected: string[] = [];
    for (const [door, relay, path, keys] of doors)
      for (const [name, token] of Object.entries(tokens)) {
        const { status } = await askAs(relay, token, path);
        if (status === 200) opened.push(`${door}: ${name}`);
        if (keys.includes(name)) expected.push(`${door}: ${name}`);
        expect([200, 401, 403]).toContain(status);
      }
    expect(opened).toEqual(expected);
  });

  test('O3: the roles of a token tell the relation, and the relation is looked up at every use', async () => {
    const rolesAt = async () => decodeJwt(await visit(bob, alice.relay, true)).r;
    expect(await rolesAt()).toBe('public');
    await alice.eventually(await bob.say({ t: 'FLLW', aud: alice.relay.idTag }));
    expect(await rolesAt()).toBe('public,follower');
    const token = await visit(bob, alice.relay);
    expect((await askAs(alice.relay, token, routes.outbox)).status).toBe(200);
    const end = { t: 'FLLW:DEL', aud: alice.relay.idTag, iat: bob.seconds() + 1 };
    await alice.eventually(await bob.say(end));
    expect(codeOf(await askAs(alice.relay, token, routes.outbox))).toBe('E-AUTH-NOPERM');
  });

  test('O2: a browser of another origin may ask, without cookies', async () => {
    const headers = { origin: 'https://shell.test' };
    const answer = await alice.relay.ask(`${routes.accessToken}?token=${await proxy()}`, { headers });
    expect(answer.headers['access-control-allow-origin']).toBe('https://shell.test');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});
