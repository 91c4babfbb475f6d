import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import { formatPayload } from '../../shared/action/action.ts';
import { routes } from '../../shared/routes.ts';
import { signCompact } from '../../shared/token/compact.ts';
import { flipS } from '../../shared/test/signatures.ts';
import { rules } from '../limits/rules.ts';
import { codeOf, createKeys, json, nonce, type TestDevice } from './device.ts';
import { createPeople, type People } from './friends.ts';
import type { TestAnswer } from './network.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

/** Limits so small that a test reaches them: 60 requests, 30 tokens, 10 of one issuer, 2 tries with a secret. */
const factor = 0.01;
const most = (rule: keyof typeof rules) => Math.floor(rules[rule].most * factor);

describe('limits of a relay', () => {
  let people: People;
  let alice: TestDevice;
  let bob: StockNode;
  let addresses = 0;

  beforeAll(async () => {
    // What comes back while a slow machine asks would be more than a test can count.
    vi.useFakeTimers({ toFake: ['Date'] });
    people = await createPeople('alice.test');
    alice = people.people[0]!;
    bob = await openStockNode(people.network, 'bob.test');
    await alice.relay.stop();
    await alice.relay.start({ RATE_LIMITS: String(factor) });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await people.network.close();
  });

  const newAddress = () => `198.18.${++addresses}.1`;
  const from = (address: string) => ({ ...json, 'x-forwarded-for': address });
  const knock = (token: unknown, headers: Record<string, string> = json): Promise<TestAnswer> =>
    alice.relay.ask(routes.inbox, { method: 'POST', headers, body: JSON.stringify({ token }) });
  const read = (headers: Record<string, string>) => alice.relay.ask(routes.me, { headers });
  const post = (c: string) => bob.sign({ t: 'POST', iat: alice.seconds(), c, v: 'F' });

  test('H2, H3: an address that asks too much is told when to come again; another, and who is on this machine, is not', async () => {
    const [busy, other] = [newAddress(), newAddress()];
    for (let i = 0; i < most('requests'); i++) expect((await read(from(busy))).status).toBe(200);
    const refused = await read(from(busy));
    expect([refused.status, codeOf(refused)]).toEqual([429, 'E-CORE-RATELIMIT']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // The first entries of the list are what the asker made up.
    expect((await read(from(`${other}, ${busy}`))).status).toBe(429);
    expect((await alice.relay.ask('/', { headers: from(busy), host: 'alice.test' })).status).toBe(429);
    expect((await alice.relay.ask('/healthz', { headers: from(busy) })).status).toBe(429);
    expect((await read(from(`${busy}, ${other}`))).status).toBe(200);
    expect((await read({})).status).toBe(200);
    await people.network.advance(2 * 60_000);
    expect((await read(from(busy))).status).toBe(200);
  });

  test('H3: the addresses of one /64 count together', async () => {
    const ask = (i: number) => read(from(`2001:db8:77:1::${i.toString(16)}`));
    for (let i = 0; i < most('requests'); i++) expect((await ask(i + 1)).status).toBe(200);
    expect((await ask(0xffff)).status).toBe(429);
    expect((await read(from('2001:db8:77:2::1'))).status).toBe(200);
  });

  test('H2, H3: on the inbox the refusal has no body, and nothing is kept of what came; own devices go on', async () => {
    const address = newAddress();
    for (let i = 0; i < most('inbox'); i++)
      expect(codeOf(await knock('a.b.c', from(address)))).toBe('E-TOKEN-GRAMMAR');
    const held = (await alice.items()).length;
    const token = await bob.sign({ t: 'FLLW', iat: alice.seconds(), aud: alice.relay.idTag });
    const refused = await knock(token, from(address));
    expect([refused.status, refused.text]).toEqual([429, '']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await alice.items()).toHaveLength(held);
    expect((await knock(token)).status).toBe(202);
  });

  test('H3: whoever names issuers that nobody knows pays for each; the known are heard', async () => {
    const address = newAddress();
    const { sign } = await createKeys();
    const stranger = (i: number) => {
      const words = { t: 'FLLW', iat: alice.seconds(), aud: alice.relay.idTag, v: 'D' as const, _: nonce() };
      return signCompact('JWT', formatPayload(parseIdTag(`nobody-${i}.test`), '261121', words), sign);
    };
    const answers: number[] = [];
    for (let i = 0; i <= most('strangers'); i++)
      answers.push((await knock(await stranger(i), from(address))).status);
    expect(answers.at(-1)).toBe(429);
    expect(answers.slice(0, -1)).not.toContain(429);
  });

  test('H3: what is tried with secrets has a limit of its own, so have sockets', async () => {
    const address = newAddress();
    const tried = (): Promise<TestAnswer> =>
      alice.relay.ask(routes.token, { method: 'POST', headers: from(address), body: '{}' });
    for (let i = 0; i < most('secrets'); i++) expect(codeOf(await tried())).toBe('E-VAL-INVALID');
    expect(codeOf(await tried())).toBe('E-CORE-RATELIMIT');
    expect((await read(from(address))).status).toBe(200);
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i <= most('sockets'); i++) statuses.push(await openSocket(alice, address));
    expect(statuses).toEqual([...Array.from({ length: most('sockets') }, () => 101), 429]);
    expect(await openSocket(alice, newAddress())).toBe(101);
  });

  test('H4: what an issuer says counts for it, a contact too; what others repeat in its name does not', async () => {
    await alice.say({ t: 'FLLW', aud: parseIdTag('bob.test'), v: 'D' });
    const first = await post('First');
    expect((await knock(first)).status).toBe(202);
    // More copies and twins than it may say, brought by anybody.
    for (let i = 0; i < most('issuer') / 2 + 1; i++) {
      expect((await knock(first)).status).toBe(202);
      expect((await knock(flipS(first))).status).toBe(202);
    }
    let taken = 0;
    let last: TestAnswer | undefined;
    for (; taken < 2 * most('issuer'); taken++) {
      last = await knock(await post(`Post ${taken}`));
      if (last.status === 429) break;
      expect(last.status).toBe(202);
    }
    expect([last?.status, last?.text]).toEqual([429, '']);
    expect(taken).toBeGreaterThanOrEqual(most('issuer') - 4);
    const said = await alice.say({ t: 'POST', c: 'I go on', v: 'F' });
    expect((await alice.items()).some(({ actionId }) => actionId === said)).toBe(true);
    await people.network.advance(60_000);
    expect((await knock(await post('Later'))).status).toBe(202);
  });
});

/** The status of the handshake. */
function openSocket(device: TestDevice, address: string): Promise<number | undefined> {
  const { relay } = device;
  return new Promise((resolve, reject) => {
    relay.connect().then((plain) => {
      const url = `ws://${apiHost(relay.idTag)}${routes.sync}?${nonce()}`;
      const headers = { 'x-forwarded-for': address };
      const socket = new WebSocket(url, { origin: relay.appOrigin, headers, createConnection: () => plain });
      socket.on('upgrade', ({ statusCode }) => resolve(statusCode)).on('open', () => socket.terminate());
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      socket.on('error', () => socket.terminate());
    }, reject);
  });
}
