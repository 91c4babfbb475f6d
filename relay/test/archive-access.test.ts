import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importSchema, ticketSchema } from '../../shared/api/archive.ts';
import { routes } from '../../shared/routes.ts';
import { makeArchive } from './archives.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, type Network, type TestRelay } from './network.ts';

let network: Network;
let relay: TestRelay;
beforeEach(async () => {
  network = await createNetwork('alice.test');
  relay = network.relays[0]!;
});
afterEach(() => network.close());

describe('W9: an archive and who fetches it', () => {
  test('W9: a ticket ends with the access of the device that asked for it', async () => {
    const first = await TestDevice.enrolFirst(network, relay);
    const second = await first.enrolSecond();
    const { id } = await makeArchive(first);
    const ticketOf = async (device: TestDevice) =>
      dataOf(await device.ask(`${routes.exports}/${id}/ticket`, 'POST', {}), ticketSchema).path;
    const [kept, lost] = [await ticketOf(first), await ticketOf(second)];
    expect((await relay.ask(lost, { method: 'HEAD' })).status).toBe(200);
    await first.remove(second.keys.did);
    expect(codeOf(await relay.ask(lost))).toBe('E-DELEGATION-REVOKED');
    expect((await relay.ask(kept, { method: 'HEAD' })).status).toBe(200);
    const entry = await first.sign(await first.log(), { t: 'gen', gen: 1 });
    await first.ask(routes.deviceLog, 'POST', { entry });
    expect(codeOf(await relay.ask(kept))).toBe('E-DELEGATION-REVOKED');
  });
});

describe('W10: an import that nobody finishes', () => {
  const begin = async () => {
    const setup = relay.node.setupLink?.split('#')[1] ?? '';
    const mark = createHash('sha256').update('x').digest('base64url');
    const body = JSON.stringify({ setup, size: 1000, mark });
    const answer = await relay.ask(routes.imports, { method: 'POST', headers: json, body });
    return `${routes.imports}/${dataOf(answer, importSchema).id}`;
  };
  const send = (path: string, offset: number) => {
    const headers = { 'upload-offset': String(offset) };
    return relay.ask(path, { method: 'PATCH', headers, body: Buffer.alloc(10) });
  };

  test('W10: is gone after a week', async () => {
    const path = await begin();
    expect(dataOf(await send(path, 0), importSchema)).toMatchObject({ offset: 10 });
    await network.advance(6 * 86_400_000);
    expect(dataOf(await send(path, 10), importSchema)).toMatchObject({ offset: 20 });
    await network.advance(6 * 86_400_000);
    expect(dataOf(await relay.ask(path), importSchema)).toMatchObject({ offset: 20 });
    await network.advance(2 * 86_400_000);
    expect(codeOf(await relay.ask(path))).toBe('E-UPLOAD-UNKNOWN');
  });

  test('W10: takes no more bytes once a device is in, and goes then', async () => {
    const path = await begin();
    await send(path, 0);
    await TestDevice.enrolFirst(network, relay);
    expect(codeOf(await send(path, 10))).toBe('E-SETUP-USED');
    await network.advance(1000);
    expect(codeOf(await relay.ask(path))).toBe('E-UPLOAD-UNKNOWN');
  });
});
