import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenNameSchema, namesHereSchema, namesRoutes } from '../../shared/api/names.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { createNetwork, type Network, type TestRelay } from './network.ts';
import { asRelay, settle, takeName } from './tenants.ts';

let network: Network;
let relay: TestRelay;
let alice: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test');
  relay = network.relays[0]!;
  await relay.stop();
  await relay.start({ REGISTRATION: 'open' });
  alice = await TestDevice.enrolFirst(network, relay);
});
afterAll(() => network.close());

async function advance(days: number): Promise<void> {
  await network.advance(days * 86_400_000);
  alice.forgetToken();
}

/** The names of this relay, but for its own. */
async function names(): Promise<string[]> {
  const { identities } = dataOf(await alice.ask(namesRoutes.here), namesHereSchema);
  return identities.map(({ idTag }) => idTag).filter((idTag) => idTag !== 'alice.test');
}

async function take(idTag: string): Promise<string> {
  return dataOf(await takeName(relay, { idTag }), givenNameSchema).setup;
}

test('N23: a name that nobody came for is free again; one that has a device, or whose link was made anew since, stays', async () => {
  const forgotten = await take('many.alice.test');
  await settle(alice, 'carol.alice.test');
  const wanted = { idTag: 'kim.alice.test' };
  await alice.ask(namesRoutes.names, 'POST', wanted);
  await advance(5);
  expect((await alice.ask(namesRoutes.names, 'POST', wanted)).status).toBe(201);
  expect((await names()).length).toBe(3);
  await advance(4);
  expect((await names()).sort()).toEqual(['carol.alice.test', 'kim.alice.test']);
  await relay.stop();
  await relay.start({ REGISTRATION: 'open' });
  await advance(5);
  expect(await names()).toEqual(['carol.alice.test']);
  expect((await relay.ask(routes.me, { host: 'cl-o.kim.alice.test' })).status).toBe(421);

  // Somebody else gets it, and the link of before opens nothing.
  const many = asRelay(relay, parseIdTag('many.alice.test'), await take('many.alice.test'));
  const late = new TestDevice(network, many, alice.keys);
  expect(codeOf(await late.enrol(forgotten, await late.firstEntry()))).toBe('E-SETUP-UNKNOWN');
  const newcomer = await TestDevice.enrolFirst(network, many);
  expect((await newcomer.items()).length).toBe(0);
});
