import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { counted } from '../../shared/test/counted.ts';
import { apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { json, type TestDevice } from './device.ts';
import { eventually } from './network.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';

let folder: string;
let running: RelayProcess;
let device: TestDevice;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-stopping-'));
  running = await startRelay({ folder });
  device = await running.enrol();
});
afterEach(async () => {
  await running.kill();
  await rm(folder, { recursive: true, force: true });
});

/** A request of which the relay has read the head and half of the body. */
async function askHalf(): Promise<{ finish: () => void; answer: Promise<string> }> {
  const { relay } = device;
  const socket = await relay.connect();
  const body = JSON.stringify({ drafts: [await device.draft({ t: 'POST', c: 'the last word' })] });
  const head = [
    `POST ${routes.actions} HTTP/1.1`,
    `host: ${apiHost(relay.idTag)}`,
    `authorization: Bearer ${await device.accessToken()}`,
    `content-type: ${json['content-type']}`,
    `content-length: ${body.length}`,
    // The relay says that it has read the head.
    'expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  socket.write(body.slice(0, 100));
  return { finish: () => void socket.write(body.slice(100)), answer: text(socket) };
}

test('told to stop, a relay answers what is under way, tells its sockets why, and has the queue on its disk', async () => {
  const aud = parseIdTag('nobody.localhost');
  const followed = await device.say({ t: 'FLLW', aud, v: 'D' });
  const socket = await device.sync();
  await socket.next('welcome');
  const half = await askHalf();
  const stopped = running.kill('SIGTERM');
  expect(await socket.untilClosed()).toBe(1001);
  half.finish();
  expect(await half.answer).toMatch(/^HTTP\/1.1 200 OK/);
  await stopped;
  expect(running.exitCode()).toBe(0);

  running = await startRelay({ folder, port: running.port });
  device.forgetToken();
  const items = await eventually('both are there', async () => {
    const found = await device.items();
    return found.length === 2 ? found : undefined;
  });
  const { deliveries } = items.find(({ actionId }) => actionId === followed)!;
  expect(deliveries).toMatchObject([{ to: aud, state: 'waiting' }]);
  counted('relays stopped with a request under way', 1);
});

test('a relay that is told to stop twice does not wait for a request that never ends', async () => {
  await askHalf();
  const socket = await device.sync();
  await socket.next('welcome');
  const stopped = running.kill('SIGTERM');
  expect(await socket.untilClosed()).toBe(1001);
  process.kill(running.pid, 'SIGTERM');
  await stopped;
  expect(running.exitCode()).toBe(1);
  counted('relays told twice', 1);
});
