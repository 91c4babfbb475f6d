import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { counted } from '../../shared/test/counted.ts';
import { json, TestDevice } from './device.ts';
import { createNetwork, eventually, type Network, type TestRelay } from './network.ts';
import { sized } from './sizes.ts';

const statements = sized(60, 3_000);

let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
let alice: TestDevice;
let bob: TestDevice;
let wire: Awaited<ReturnType<typeof openBadWire>>;
beforeEach(async () => {
  network = await createNetwork('alice.test', 'bob.test');
  const [a, b] = network.relays;
  wire = await openBadWire(network, b);
  alice = await TestDevice.enrolFirst(network, a);
  bob = await TestDevice.enrolFirst(network, b);
  const follow = await bob.say({ t: 'FLLW', aud: a.idTag, v: 'D' });
  await alice.eventually(follow);
});
afterEach(async () => {
  await network.close();
  await wire.close();
});

/**
 * What is between Alice and Bob: three of ten answers are lost after Bob has stored the action, two of ten requests come
 * twice, two of ten are lost and come later, behind others.
 */
async function openBadWire(net: Network, to: TestRelay) {
  const dice = createDice();
  const late: string[] = [];
  const stored = new Map<string, number>();
  const seen = { lost: 0, doubled: 0, late: 0 };
  const pass = async (body: string) => {
    const answer = await to.ask(routes.inbox, { method: 'POST', headers: json, body });
    const { token } = JSON.parse(body) as { token: string };
    const said = token.slice(0, token.lastIndexOf('.'));
    if (answer.text.includes('"stored"')) stored.set(said, (stored.get(said) ?? 0) + 1);
    return answer;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await buffer(request)).toString();
    const { method = 'GET', url = '/' } = request;
    if (url !== routes.inbox) {
      const answer = await to.ask(url, { method, ...(body && { body }) });
      return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
    }
    const [first, second, third] = [dice(), dice(), dice()];
    if (third < 0.2) {
      seen.late += 1;
      late.push(body);
      return response.destroy();
    }
    if (second < 0.2) {
      seen.doubled += 1;
      await pass(body);
    }
    const answer = await pass(body);
    if (late.length > 0 && dice() < 0.5) await pass(late.shift()!);
    if (first < 0.3) {
      seen.lost += 1;
      return response.destroy();
    }
    return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  net.addNeighbour(to.idTag, async () => {
    const socket = connect({ host: '127.0.0.1', port: typeof address === 'object' ? address!.port : 0 });
    await once(socket, 'connect');
    return socket;
  });
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { stored, seen, passLate: async () => void (await Promise.all(late.splice(0).map(pass))), close };
}

/** Posts, with a comment of her own on every third, in one go. */
async function talk(count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const post = await alice.say({ t: 'POST', c: `post ${ids.length}` });
    ids.push(post);
    if (ids.length % 3 === 0) ids.push(await alice.say({ t: 'CMNT', c: 'and another thing', p: post }));
  }
  return ids;
}

async function everything(device: TestDevice) {
  device.forgetToken();
  const items: Awaited<ReturnType<TestDevice['items']>> = [];
  for (;;) {
    const page = await device.items(items.at(-1)?.seq ?? 0);
    if (page.length === 0) return items;
    items.push(...page);
  }
}

test(
  'Q1: lost answers, duplicates, wrong order, child before parent, restarts on both sides: one effect each (I1, Q3)',
  async () => {
    const ids = await talk(statements);
    const [a, b] = network.relays;
    const undelivered = async () => {
      const own = (await everything(alice)).filter(({ actionId }) => ids.includes(actionId));
      expect(own.flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'refused'))).toEqual(
        [],
      );
      return own.filter(({ deliveryCounts }) => deliveryCounts?.delivered !== 1);
    };
    const restarts = [a, b, a];
    const total = restarts.length + 1;
    await eventually(
      'everything is delivered',
      async () => {
        // What Bob stored while he was stopped was not heard of here.
        if (wire.stored.size > ids.length - 5 && (await undelivered()).length === 0) return true;
        if (wire.stored.size > (ids.length * (total - restarts.length)) / total) {
          const next = restarts.pop();
          await next?.stop();
          await next?.start();
        }
        await network.advance(30_000);
        return undefined;
      },
      50_000 + statements * 400,
    );
    await wire.passLate();
    const received = (await everything(bob)).map(({ actionId }) => actionId).filter((id) => ids.includes(id));
    expect(received.toSorted()).toEqual(ids.toSorted());
    expect([...wire.stored.values()].every((times) => times === 1)).toBe(true);
    expect(Math.min(...Object.values(wire.seen))).toBeGreaterThan(statements / 20);
    expect(restarts).toEqual([]);
    counted('deliveries over a bad wire, between whole relays', ids.length);
  },
  120_000 + statements * 500,
);
