import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Random } from '../../shared/bytes.ts';
import { routes } from '../../shared/routes.ts';
import type { Cursor } from '../../shared/sync/frame.ts';
import { counted } from '../../shared/test/counted.ts';
import { createBytes, createDice, seed } from '../../shared/test/seeded.ts';
import { json, nonce, type TestDevice } from '../../relay/test/device.ts';
import { type RelayProcess, startRelay } from '../../relay/test/relay-process.ts';
import type { TestSocket } from '../../relay/test/socket.ts';
import { patience, sized } from '../../relay/test/sizes.ts';
import { measureFlood } from '../../relay/test/flood-process.ts';
import { buildRelay, relayCommand, relayEnvironment } from '../../scripts/install.mjs';
import { judgeSoak, restLimit, type Sample, slopeOf } from './slope.ts';

/** Only `npm run assurance` says how long it may take, in minutes: what grows is not seen in seconds. */
const minutes = Number(process.env.ISLET_MINUTES ?? 0);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A relay as its owner runs it. */
const asOwned = { program: relayCommand, environment: relayEnvironment };

/** As the system sees it. */
function look({ pid }: RelayProcess, folder: string, began: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    at: (performance.now() - began) / 1000,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024,
    open: readdirSync(`/proc/${pid}/fd`).length,
    log: statSync(join(folder, 'private', 'islet.db-wal')).size,
  };
}

/** A device that is there, and how far it has read. */
interface Presence {
  readonly socket: TestSocket;
  readonly cursor: Cursor;
}

/** What a person does in a moment, and a browser with it: writes, posts, reads, goes and comes back. */
async function use(
  device: TestDevice,
  { socket, cursor }: Presence,
  { i, random }: { i: number; random: Random },
): Promise<Presence> {
  const session = nonce();
  await device.say({ t: 'POST', c: `post ${i}` });
  await device.items(Math.max(0, i - 20));
  socket.close();
  // From where it stopped, as a browser does: all of the log would be more each time, whatever the relay does.
  const next = await device.sync(session, cursor);
  const { log } = await next.next('welcome');
  const rows = Array.from({ length: 5 }, () => ['a'.repeat(24), random(200)] as const);
  next.send({ kind: 'push', batches: [await device.batch(session, 0, rows)] });
  await next.next('ack');
  const { seq, chain } = await next.next('committed');
  const wrong = await device.relay.ask(routes.inbox, {
    method: 'POST',
    headers: json,
    body: '{"token":"a.b.c"}',
  });
  expect(wrong.status).toBe(400);
  if (i % 50 === 0) device.forgetToken();
  return { socket: next, cursor: { log, seq, chain } };
}

const dice = createDice();
/** A process that is looked at every ten seconds for ten minutes, with noise, as `change` has it. */
const samples = (change: (at: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 60 }, (_, i) => ({
    ...{ at: i * 10, memory: 120e6 + dice() * 10e6, open: 30 + Math.floor(dice() * 3), log: 4e6 * dice() },
    ...change(i * 10),
  }));

test('a line has its slope, and what does not grow has none', () => {
  expect(slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 5 + 3 * x })))).toBeCloseTo(3);
  expect(slopeOf([])).toBe(0);
  expect(slopeOf([{ x: 1, y: 7 }])).toBe(0);
});

test('a process that is well is told from one that leaks memory, descriptors or its log', () => {
  expect(judgeSoak(samples(() => ({})))).toEqual([]);
  expect(judgeSoak(samples((at) => ({ memory: 100e6 + at * 100e3 + dice() * 10e6 })))).toHaveLength(1);
  expect(judgeSoak(samples((at) => ({ open: 30 + Math.floor(at / 20) })))).toHaveLength(1);
  expect(judgeSoak(samples((at) => ({ log: at * 1e6 })))).toHaveLength(1);
  // What a relay needs to warm up is no leak.
  expect(judgeSoak(samples((at) => ({ memory: at < 150 ? 60e6 + at * 400e3 : 120e6 })))).toEqual([]);
  expect(judgeSoak([])).toHaveLength(1);
});

if (minutes > 0)
  test(
    `a relay that is used all the time grows neither in memory nor in descriptors, and rests small (ISLET_SEED=${seed})`,
    { timeout: (minutes + 5) * 60_000 },
    async () => {
      if (process.platform !== 'linux')
        throw new Error('what a process takes is read from /proc, which only Linux has');
      expect(await buildRelay()).toBe(0);
      const folder = await mkdtemp(join(tmpdir(), 'islet-soak-'));
      const running = await startRelay({
        ...{ folder, ...asOwned },
        environment: { ...asOwned.environment, RATE_LIMITS: 'off' },
      });
      try {
        const device = await running.enrol();
        const random = createBytes(seed);
        let presence: Presence = { socket: await device.sync(), cursor: { log: '', seq: 0, chain: '' } };
        const began = performance.now();
        const samples: Sample[] = [];
        let uses = 0;
        while (performance.now() - began < minutes * 60_000) {
          presence = await use(device, presence, { i: uses++, random });
          if (samples.length * 2_000 < performance.now() - began) samples.push(look(running, folder, began));
          await pause(dice() * 20);
        }
        const seen = samples.filter((_, i) => i % 10 === 0).map(({ memory }) => Math.round(memory / 1e6));
        process.stderr.write(`memory every 20 s, in MB: ${seen.join(' ')}\n`);
        expect(judgeSoak(samples)).toEqual([]);
        presence.socket.close();
        await pause(15_000);
        const rest = look(running, folder, began);
        process.stderr.write(`after ${uses} rounds of use, at rest: ${JSON.stringify(rest)}\n`);
        expect(rest.memory).toBeLessThanOrEqual(restLimit);
        counted('rounds of use', uses);
      } finally {
        await running.kill();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

const flooded = { frames: 100_000, sockets: 8, bodies: 100_000, atOnce: 8, slow: 12 };
/** Seconds, and bytes. */
const floodLimits = { loopDelay: 0.1, memory: 300e6 };

/** Says something only on a machine that does nothing else. */
if (sized(0, 1) === 1)
  test(
    `H5: 100,000 hostile frames and bodies neither block a relay nor fill it (ISLET_SEED=${seed})`,
    { timeout: patience },
    async () => {
      expect(await buildRelay()).toBe(0);
      const folder = await mkdtemp(join(tmpdir(), 'islet-flooded-'));
      const { loopDelay, memory } = await measureFlood(folder, flooded, { seed, ...asOwned });
      await rm(folder, { recursive: true, force: true });
      process.stderr.write(`under flood: p99 of the loop ${loopDelay} s, memory ${memory}\n`);
      expect({ loopDelay, memory }).toSatisfy(
        (figures: typeof floodLimits) =>
          figures.loopDelay < floodLimits.loopDelay && figures.memory < floodLimits.memory,
      );
      counted('hostile frames and bodies at a process', flooded.frames + flooded.bodies);
    },
  );
