import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { routes } from '../../shared/routes.ts';
import { accepted, openStockNode, type StockNode } from './stock-node.ts';

const minute = 60_000;

describe('deliveries to neighbours of any make', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let alice: TestDevice;
  let stock: StockNode;
  let other: StockNode;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    stock = await openStockNode(network, 'stock.test');
    other = await openStockNode(network, 'other.test');
    for (const node of [stock, other]) expect(await follow(node)).toBe(202);
  });
  afterAll(async () => {
    await network.close();
    await Promise.all([stock.close(), other.close()]);
  });

  const knock = async (token: string): Promise<number> => {
    const body = JSON.stringify({ token });
    return (await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body })).status;
  };
  const follow = async (node: StockNode) => knock(await node.sign({ t: 'FLLW', aud: alice.relay.idTag }));

  /** Posts, and gives the states of both deliveries once the one to stock.test is as wanted. */
  const post = (c: string) => alice.say({ t: 'POST', c });
  const stateOf = async (id: string, to = 'stock.test') => {
    const item = (await alice.items()).find(({ actionId }) => actionId === id);
    return item?.deliveries.find((delivery) => delivery.to === to);
  };
  const untilState = (id: string, state: string, to?: string) =>
    eventually(`${to ?? 'stock.test'} is ${state}`, async () => {
      const delivery = await stateOf(id, to);
      return delivery?.state === state ? delivery : undefined;
    });
  const forward = async (ms: number) => {
    await network.advance(ms);
    alice.forgetToken();
  };

  test('2xx with JSON is delivered, whatever the JSON says', async () => {
    const id = await post('hello');
    await untilState(id, 'delivered');
    await untilState(id, 'delivered', 'other.test');
  });

  test('4xx with JSON is refused, with the reason, and not tried again', async () => {
    stock.answer = { status: 403, body: '{"error":{"code":"E-AUTH-NOPERM","message":"not today"}}' };
    const id = await post('refused');
    expect((await untilState(id, 'refused')).reason).toBe('E-AUTH-NOPERM: not today');
    const before = stock.received.length;
    await forward(60 * minute);
    await untilState(id, 'refused');
    expect(stock.received.length).toBe(before);
  });

  test.each([
    ['an empty body', { status: 200, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['429 with JSON', { status: 429, body: '{"error":{"code":"E","message":"slow down"}}' }],
    ['503', { status: 503, body: '' }],
    ['a redirect', { status: 302, headers: { location: 'https://evil.test/' }, body: '{}' }],
  ])('%s is tried again until it is taken; another neighbour has it meanwhile', async (_why, answer) => {
    stock.answer = answer;
    const before = stock.received.length;
    const id = await post('patience');
    await untilState(id, 'delivered', 'other.test');
    await eventually('a first try', () => Promise.resolve(stock.received.length > before || undefined));
    expect((await stateOf(id))?.state).toBe('waiting');
    stock.answer = accepted;
    await forward(minute);
    await untilState(id, 'delivered');
  });

  test('Retry-After is honoured', async () => {
    stock.answer = { status: 503, headers: { 'retry-after': '3600' }, body: '' };
    const id = await post('in an hour');
    const reason = async () => (await stateOf(id))?.reason;
    await eventually('the first try', async () => ((await reason()) === 'answered 503' ? true : undefined));
    stock.answer = accepted;
    await forward(30 * minute);
    expect((await stateOf(id))?.state).toBe('waiting');
    await forward(31 * minute);
    await untilState(id, 'delivered');
  });

  test('after 50 tries it is quarantined', async () => {
    stock.answer = { status: 500, body: '' };
    const id = await post('poison');
    await eventually(
      'quarantine',
      async () => {
        if ((await stateOf(id))?.state === 'quarantined') return true;
        await forward(13 * 60 * minute);
        return undefined;
      },
      25_000,
    );
    stock.answer = accepted;
    const next = await post('the lane goes on');
    await untilState(next, 'delivered');
  });

  test('a key that was changed in place is asked for once more (K2), and a wrong one does not make us ask forever', async () => {
    await forward(minute);
    await stock.rotate('261101');
    expect(await follow(stock)).toBe(202);
    const asked = stock.profileRequests;
    const forged = (await other.sign({ t: 'FLLW', aud: alice.relay.idTag })).replace(
      /^([^.]+)\.[^.]+/,
      (_, header: string) => {
        const claims = {
          iss: 'stock.test',
          k: '261101',
          t: 'FLLW',
          iat: alice.seconds(),
          aud: 'alice.test',
          _: String(Math.random()),
        };
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
      },
    );
    for (let i = 0; i < 5; i++) expect(await knock(forged)).toBe(401);
    expect(stock.profileRequests - asked).toBeLessThanOrEqual(1);
  });
});
