import type { OrderName } from '../../shared/device/device-log.ts';
import { deviceLogSchema, relationsSchema, routes } from '../../shared/routes.ts';
import { dataOf, TestDevice, type Words } from './device.ts';
import { createNetwork, eventually } from './network.ts';

/** Whole relays with one device each. */
export async function createPeople<const Names extends readonly string[]>(...names: Names) {
  const network = await createNetwork(...names);
  const people: TestDevice[] = [];
  for (const relay of network.relays) people.push(await TestDevice.enrolFirst(network, relay));
  return { network, people: people as { [I in keyof Names]: TestDevice } };
}

export type People = Awaited<ReturnType<typeof createPeople>>;

/** How `one` stands to `other`, as its relay says. */
export async function relationOf(one: TestDevice, other: TestDevice) {
  const { people } = dataOf(await one.ask(routes.people), relationsSchema);
  return people.find(({ idTag }) => idTag === other.relay.idTag);
}

export function isConnected(one: TestDevice, other: TestDevice): Promise<true> {
  return eventually(`${one.relay.idTag} is connected with ${other.relay.idTag}`, async () =>
    (await relationOf(one, other))?.connected === 'connected' ? true : undefined,
  );
}

/** Asks, and is accepted. */
export async function connect(one: TestDevice, other: TestDevice): Promise<void> {
  const asked = await one.say({ t: 'CONN', aud: other.relay.idTag, v: 'D' });
  await other.eventually(asked);
  await other.say({ t: 'CONN:ACC', aud: one.relay.idTag, v: 'D' });
  await Promise.all([isConnected(one, other), isConnected(other, one)]);
}

export async function follow(one: TestDevice, other: TestDevice): Promise<void> {
  await other.eventually(await one.say({ t: 'FLLW', aud: other.relay.idTag, v: 'D' }));
}

/** Gives or withdraws a standing order. */
export async function order(device: TestDevice, name: OrderName, on = true): Promise<void> {
  const entry = await device.sign(await device.log(), { t: 'order', order: name, on });
  dataOf(await device.ask(routes.deviceLog, 'POST', { entry }), deviceLogSchema);
}

/** Says it, and waits until all of these have it. */
export async function tell(device: TestDevice, words: Words, others: readonly TestDevice[]): Promise<string> {
  const id = await device.say(words);
  await Promise.all(others.map((other) => other.eventually(id)));
  return id;
}

/** What somebody's relay holds, by what it says; only what holds. */
export async function held(device: TestDevice, type: string) {
  const items = (await device.items()).filter(({ status }) => status === 'active' || status === 'confirm');
  return items
    .map((item) => ({ ...item, claims: claimsOf(item.token) }))
    .filter(({ claims }) => claims.t === type || claims.t.startsWith(`${type}:`));
}

export interface Claims {
  readonly t: string;
  readonly iss: string;
  readonly [claim: string]: unknown;
}

/** What a token of the test's own relays says. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')) as Claims;
}

/** Waits for an action of this kind. */
export function untilHeld(
  device: TestDevice,
  type: string,
  wanted: (claims: Claims) => boolean = () => true,
): Promise<Awaited<ReturnType<typeof held>>[number]> {
  return eventually(`${type} at ${device.relay.idTag}`, async () =>
    (await held(device, type)).find(({ claims }) => wanted(claims)),
  );
}
