import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { makeArchive } from './archives.ts';
import { codeOf, TestDevice } from './device.ts';
import { createNetwork, eventually, type Network, type TestAnswer, type TestRelay } from './network.ts';
import { settle } from './tenants.ts';

let network: Network;
let relay: TestRelay;
let carol: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test');
  relay = network.relays[0]!;
  carol = await settle(await TestDevice.enrolFirst(network, relay), 'carol.alice.test');
});
afterAll(() => network.close());

/** As a browser that follows a link. */
function visit(host: string, path = '/', language = 'en'): Promise<TestAnswer> {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': language };
  return relay.ask(path, { host, headers });
}

test('H1, W11, W12: who opens a name that has moved or was deleted reads so; programs are answered as before', async () => {
  expect((await visit('carol.alice.test')).status).toBe(302);
  await makeArchive(carol, 'move');
  expect((await carol.ask(`${routes.exports}/move`, 'PUT', { state: 'moved' })).status).toBe(200);
  for (const [host, path] of [
    ['carol.alice.test', '/'],
    ['cl-o.carol.alice.test', '/api/actions'],
  ] as const) {
    const page = await visit(host, path);
    expect([page.status, page.headers['content-type']]).toEqual([410, 'text/html; charset=utf-8']);
    expect(page.text).toContain('carol.alice.test has moved to another relay, or was deleted.');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  }
  expect((await visit('carol.alice.test', '/', 'de')).text).toContain('umgezogen');
  expect(codeOf(await carol.ask(routes.people))).toBe('E-CORE-MOVED');
  expect(codeOf(await relay.ask(routes.actions, { host: 'cl-o.carol.alice.test' }))).toBe('E-CORE-MOVED');

  expect((await carol.ask(`${routes.me}?idTag=carol.alice.test`, 'DELETE')).status).toBe(202);
  await eventually('nothing of carol is left', async () => {
    await relay.node.wake();
    return (await relay.ask(routes.me, { host: 'cl-o.carol.alice.test' })).status === 421 ? true : undefined;
  });
  const page = await visit('carol.alice.test');
  expect(page.status).toBe(421);
  expect(page.text).toContain('There is nobody of the name carol.alice.test at this relay.');
});
