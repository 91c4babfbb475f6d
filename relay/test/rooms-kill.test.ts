import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRandomId } from '../../shared/bytes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import type { TestDevice } from './device.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';
import { RoomClient } from './room-client.ts';
import { RoomDevice } from './room-device.ts';

const rounds = 4;
let folder: string | undefined;
let running: RelayProcess | undefined;
afterEach(async () => {
  await running?.kill();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('Z4, S10: kill -9 in the middle of edits: what came back to the sender is in the log, once', async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-rooms-'));
  running = await startRelay({ folder });
  const { port } = running;
  const device = await running.enrol();
  const doc = createRandomId(randomBytes);
  const first = await RoomDevice.open(device, doc);
  first.text.insert(0, '>');
  await first.whenStored();
  first.close();

  const dice = createDice();
  const confirmed: string[] = [];
  let left = 0;
  for (let round = 0; round < rounds; round++) {
    const said = await editUntilKilled(device, doc, {
      round,
      kill: running.kill,
      patience: 20 + dice() * 150,
    });
    confirmed.push(...said.confirmed);
    left += said.left;
    running = await startRelay({ folder, port });
    device.forgetToken();
  }
  const after = await RoomDevice.open(device, doc);
  const words = after.text.toString().split(' ');
  for (const word of confirmed) expect(words.filter((one) => one === word)).toHaveLength(1);
  expect(confirmed.length).toBeGreaterThan(0);
  expect(left).toBeGreaterThan(0);
  after.close();
}, 120_000);

interface Round {
  readonly round: number;
  readonly kill: () => Promise<void>;
  /** Milliseconds. */
  readonly patience: number;
}

/** Each word is an edit; told are the words whose edit had come back before the end. */
async function editUntilKilled(device: TestDevice, doc: string, { round, kill, patience }: Round) {
  const client = await RoomClient.open({ relay: device.relay, doc, token: await device.accessToken() });
  await client.whenSynced();
  for (let i = 0; i < 400; i++) client.text.insert(client.text.length, ` ${round}.${i}`);
  await new Promise((resolve) => setTimeout(resolve, patience));
  const sent = 400 - client.waiting;
  await kill();
  await client.whenClosed();
  // Edits come back in the order in which they were made.
  const confirmed = Array.from({ length: 400 - client.waiting }, (_, i) => `${round}.${i}`);
  expect(confirmed.length).toBeGreaterThanOrEqual(sent);
  return { confirmed, left: client.waiting };
}
