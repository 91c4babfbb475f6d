import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../../shared/test/counted.ts';
import { TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { collectDoors, type Door, fillPath } from './routes-fixture.ts';
import { patience, sized } from './sizes.ts';
import { TestSocket } from './socket.ts';

let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
let alice: TestDevice;
let doors: Door[];

beforeAll(async () => {
  doors = await collectDoors(async () => {
    network = await createNetwork('alice.test');
  });
  alice = await TestDevice.enrolFirst(network, network.relays[0]);
});
afterAll(() => network.close());

/** None of these is where the app is. */
const origins = [
  ...['https://evil.test', 'http://alice.test', 'https://alice.test:8443', 'https://alice.test.evil.test'],
  ...['https://evil-alice.test', 'https://cl-o.alice.test', 'https://www.alice.test', 'null'],
  ...['file://', 'https://ALICE.test.', 'http://localhost:1443', 'chrome-extension://aaaabbbbccccdddd'],
];

test('O2, H7: no door takes a cookie or lets another origin send one', { timeout: patience }, async () => {
  const token = await alice.accessToken();
  const before = (await alice.items()).length;
  const each = sized(1, origins.length);
  for (const [i, { method, path }] of doors.entries())
    for (let n = 0; n < each; n++) {
      const origin = origins[(i + n) % origins.length]!;
      const cookie = `token=${token}; access_token=${token}; session=${token}; authorization=Bearer ${token}`;
      const { headers } = await alice.relay.ask(fillPath(path), {
        method,
        headers: { origin, cookie, 'content-type': 'text/plain' },
        ...(method !== 'GET' && { body: '{}' }),
      });
      expect([path, headers['set-cookie'], headers['access-control-allow-credentials']]).toEqual([
        path,
        undefined,
        undefined,
      ]);
    }
  expect((await alice.items()).length).toBe(before);
  expect((await alice.log()).length).toBe(1);
  counted('doors with foreign origins', doors.length * each);
});

test('S1: a page of another origin opens no socket of the log', async () => {
  for (const origin of origins) await expect(TestSocket.open(alice.relay, origin)).rejects.toThrow(/403/);
  const own = await TestSocket.open(alice.relay);
  own.close();
  counted('sockets with foreign origins', origins.length);
});
