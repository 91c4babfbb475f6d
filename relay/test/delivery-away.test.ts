import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { retriedSchema, routes } from '../../shared/routes.ts';
import { parseCompact, statementId } from '../../shared/token/compact.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { accepted, openStockNode, type StockNode } from './stock-node.ts';

const minute = 60_000;
const farTag = parseIdTag('far.test');
let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
let alice: TestDevice;
/** A neighbour whose door can be shut, and one that is always there. */
let far: StockNode;
let near: StockNode;
let door: { open: boolean; knocks: number; sockets: Socket[] };

beforeEach(async () => {
  network = await createNetwork('alice.test');
  alice = await TestDevice.enrolFirst(network, network.relays[0]);
  door = { open: true, knocks: 0, sockets: [] };
  far = await openStockNode({ ...network, addNeighbour: addWithDoor }, 'far.test');
  near = await openStockNode(network, 'near.test');
  for (const node of [far, near]) await tell(node, { t: 'FLLW', aud: alice.relay.idTag });
});
afterEach(async () => {
  await network.close();
  await Promise.all([far.close(), near.close()]);
});

function addWithDoor(name: string, connect: () => Promise<Socket>): void {
  network.addNeighbour(name, async () => {
    door.knocks += 1;
    if (!door.open) throw new Error('refused');
    const socket = await connect();
    door.sockets.push(socket);
    return socket;
  });
}

/** The neighbour says something. */
async function tell(node: StockNode, statement: Parameters<StockNode['sign']>[0]): Promise<void> {
  const body = JSON.stringify({ token: await node.sign(statement) });
  const answer = await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
  expect(answer.status).toBe(202);
}

function shut(): void {
  door.open = false;
  for (const socket of door.sockets.splice(0)) socket.destroy();
}

async function forward(ms: number): Promise<void> {
  await network.advance(ms);
  alice.forgetToken();
}

const itemOf = async (id: string) => {
  const item = (await alice.items()).find(({ actionId }) => actionId === id);
  if (!item) throw new Error(`${id} is not there`);
  return item;
};
const stateOf = async (id: string, to = 'far.test') =>
  (await itemOf(id)).deliveries.find((delivery) => delivery.to === to);
const untilState = (id: string, state: string, to?: string) =>
  eventually(`${state}`, async () => {
    const delivery = await stateOf(id, to);
    return delivery?.state === state ? delivery : undefined;
  });
/** Waits for a try in vain: its reason is written then. */
const untilTried = (id: string) =>
  eventually('a try', async () => ((await stateOf(id))?.reason === undefined ? undefined : true));

/** The clock goes on until it is asked again. */
async function untilKnock(): Promise<void> {
  const { knocks } = door;
  await eventually('another try', async () => {
    if (door.knocks > knocks) return true;
    await forward(10 * minute);
    return undefined;
  });
}

/** It has been away for so long that it is left alone for minutes. @returns what waits for it */
async function leave(): Promise<[string, string]> {
  shut();
  const id = await alice.say({ t: 'POST', c: 'are you there' });
  await untilTried(id);
  for (let i = 0; i < 6; i++) await untilKnock();
  const next = await alice.say({ t: 'POST', c: 'to those who are there' });
  await untilState(next, 'delivered', 'near.test');
  return [id, next];
}

test('Q3: one that is away is asked by one delivery, not by each; when it is back, all go, in order', async () => {
  const ids: string[] = await leave();
  const { knocks } = door;
  for (let i = 0; i < 20; i++) ids.push(await alice.say({ t: 'POST', c: `post ${i}` }));
  for (const id of ids) await untilState(id, 'delivered', 'near.test');
  expect(door.knocks).toBe(knocks);
  await untilKnock();
  await untilTried(ids.at(-1)!);
  expect(door.knocks).toBe(knocks + 1);
  door.open = true;
  await untilKnock();
  for (const id of ids) await untilState(id, 'delivered');
  const tokens = await Promise.all(ids.map(async (id) => (await itemOf(id)).token));
  expect(far.received).toEqual(tokens);
});

test('Q3: an absence is known after a restart; one that says something is asked at once', async () => {
  const [id] = await leave();
  await alice.relay.stop();
  const { knocks } = door;
  await alice.relay.start();
  await untilState(await alice.say({ t: 'POST', c: 'and you' }), 'delivered', 'near.test');
  expect(door.knocks).toBe(knocks);
  door.open = true;
  await tell(far, { t: 'FLLW', aud: alice.relay.idTag, iat: alice.seconds() + 1 });
  await untilState(id, 'delivered');
});

test('Q2: what was refused or set aside is tried again when a person says so', async () => {
  far.answer = { status: 403, body: '{"error":{"code":"E-AUTH-NOPERM","message":"not today"}}' };
  const id = await alice.say({ t: 'POST', c: 'please' });
  await untilState(id, 'refused');
  await untilState(id, 'delivered', 'near.test');
  expect((await itemOf(id)).deliveryCounts).toEqual({ waiting: 0, delivered: 1, refused: 1, quarantined: 0 });
  far.answer = accepted;
  const retry = (device: TestDevice, of: string) =>
    device.ask(`${routes.actions}/${of}/deliveries`, 'POST', { retry: true });
  expect(dataOf(await retry(alice, id), retriedSchema)).toEqual({ retried: 1 });
  await untilState(id, 'delivered');
  expect(dataOf(await retry(alice, id), retriedSchema)).toEqual({ retried: 0 });
  expect(codeOf(await retry(alice, `a1~${'x'.repeat(43)}`))).toBe('E-CORE-NOTFOUND');
  const guest = await alice.relay.ask(`${routes.actions}/${id}/deliveries`, {
    ...{ method: 'POST', headers: json, body: '{"retry":true}' },
  });
  expect(guest.status).toBe(401);
  const reader = await alice.enrolSecond([{ act: 'action/read', res: '*' }]);
  expect(codeOf(await retry(reader, id))).toBe('E-DELEGATION-SCOPE');
});

const demand = (letters: number) => ({
  status: 428,
  body: JSON.stringify({
    error: {
      code: 'E-POW-REQUIRED',
      message: `token must end with '${'A'.repeat(letters)}' (${letters} chars)`,
    },
  }),
});

test('Q5: proof of work: the same bytes, signed until the token ends as demanded, in receipt and list', async () => {
  far.answer = (token) => (token.endsWith('A') ? accepted : demand(1));
  const draft = await alice.draft({ t: 'CONN', aud: farTag, v: 'D' });
  const [first] = await alice.submit(draft);
  const item = await eventually('it is taken', async () =>
    (await alice.items()).find(({ deliveryCounts }) => deliveryCounts?.delivered === 1),
  );
  expect(item.token).toBe(far.received.at(-1));
  expect(item.token).toMatch(/A$/);
  const [again] = await alice.submit(draft);
  expect(again).toMatchObject({ status: 'accepted', token: item.token, actionId: item.actionId });
  if (first?.status !== 'accepted') throw new Error('the draft was not taken');
  const ids = await Promise.all([first.token, item.token].map((text) => statementId(parseCompact(text))));
  expect(ids[0]).toBe(ids[1]);
});

test.each([
  ['three letters', demand(3), 'CONN'],
  ['more although it was given', demand(1), 'CONN'],
  ['for something that is not for one alone', demand(1), 'POST'],
  ['without saying how much', { status: 428, body: '{}' }, 'CONN'],
])('Q5: demanded: %s: set aside, with the reason', async (_what, answer, t) => {
  far.answer = answer;
  const id = await alice.say(t === 'POST' ? { t, c: 'to all' } : { t, aud: farTag, v: 'D' });
  const item = await eventually('it is set aside', async () =>
    (await alice.items()).find(({ deliveryCounts }) => deliveryCounts?.quarantined === 1),
  );
  if (t === 'POST') expect(item.actionId).toBe(id);
  expect(item.deliveries[0]?.reason).toMatch(/proof of work/);
});
