import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRandomId } from '../../shared/bytes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { counted } from '../../shared/test/counted.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import type { TestDevice } from './device.ts';
import { eventually } from './network.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';
import { RoomClient } from './room-client.ts';
import { RoomDevice } from './room-device.ts';
import { patience, sized } from './sizes.ts';

const rounds = sized(4, 200);
let folder: string | undefined;
let running: RelayProcess | undefined;
afterEach(async () => {
  await running?.kill();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test(
  'Z4, S10: kill -9 in the middle of edits: what came back to the sender is in the log, once',
  async () => {
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
        back: 1 + dice() * 300,
        more: dice() * 30,
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
    counted('kills of a relay with an open room', rounds);
    after.close();
  },
  patience,
);

interface Round {
  readonly round: number;
  readonly kill: () => Promise<void>;
  /** So many edits have come back, and the next ones are under way for so many milliseconds, when it is killed. */
  readonly back: number;
  readonly more: number;
}

/** Each word is an edit; told are the words whose edit had come back before the end. */
async function editUntilKilled(device: TestDevice, doc: string, { round, kill, back, more }: Round) {
  const client = await RoomClient.open({ relay: device.relay, doc, token: await device.accessToken() });
  await client.whenSynced();
  let made = 0;
  const write = () => client.text.insert(client.text.length, ` ${round}.${made++}`);
  while (made < 400) write();
  const cameBack = () => Promise.resolve(made - client.waiting >= back || undefined);
  await eventually('some edits come back', cameBack, 60_000);
  for (const end = Date.now() + more; Date.now() < end; await new Promise((go) => setTimeout(go, 1))) write();
  write();
  const sent = made - client.waiting;
  await kill();
  await client.whenClosed();
  // Edits come back in the order in which they were made.
  const confirmed = Array.from({ length: made - client.waiting }, (_, i) => `${round}.${i}`);
  expect(confirmed.length).toBeGreaterThanOrEqual(sent);
  return { confirmed, left: client.waiting };
}
