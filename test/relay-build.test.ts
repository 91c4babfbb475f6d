import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RelayProcess, startRelay } from '../relay/test/relay-process.ts';
import { buildRelay, relayCommand } from '../scripts/install.mjs';
import { routes } from '../shared/routes.ts';

describe('the relay in one file, as `npm start` runs it', () => {
  let folder: string;
  let relay: RelayProcess;
  beforeAll(async () => {
    expect(await buildRelay()).toBe(0);
    folder = await mkdtemp(join(tmpdir(), 'islet-relay-build-'));
    relay = await startRelay({ folder, program: relayCommand });
  });
  afterAll(async () => {
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test('enrols a device, takes a post and a socket, and knows the device after a restart', async () => {
    const device = await relay.enrol();
    await device.submit(await device.draft({ t: 'POST', c: 'Kept' }));
    const socket = await device.sync();
    socket.connection.terminate();
    await relay.kill('SIGTERM');
    expect(relay.exitCode()).toBe(0);
    relay = await startRelay({ folder, program: relayCommand });
    expect(relay.setupLink).toBeUndefined();
    expect((await relay.relay.ask(routes.me)).status).toBe(200);
  });
});
