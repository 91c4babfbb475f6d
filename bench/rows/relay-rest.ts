import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { routes } from '../../shared/routes.ts';
import { startRelay } from '../../relay/test/relay-process.ts';
import { readMemory } from '../proc.ts';
import { openBenchRelay, readOwnersWay } from '../relay.ts';
import type { Row, Samples } from '../row.ts';

const starts = 7;
/** Milliseconds. */
const longestStart = 400;
/** MiB. */
const mostMemory = 90;
const posts = 100;
/** Milliseconds until the relay has done what it does afterwards. */
const rest = 5_000;

async function measureStart(): Promise<Samples> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-'));
  const samples = { ours: [] as number[], theirs: [] as number[] };
  try {
    const setting = { ...(await readOwnersWay()), folder };
    const first = await startRelay(setting);
    await first.enrol();
    await first.kill('SIGTERM');
    for (let round = 0; round < starts; round++) {
      const began = performance.now();
      const relay = await startRelay(setting);
      const { status } = await relay.relay.ask(routes.me);
      samples.ours.push(performance.now() - began);
      samples.theirs.push(longestStart);
      await relay.kill('SIGTERM');
      if (status !== 200) throw new Error(`the first answer was ${status}`);
    }
    return samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureMemory(): Promise<Samples> {
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < 3; round++) {
    const { device, pid, close } = await openBenchRelay();
    try {
      const drafts = Array.from({ length: posts }, (_, i) => device.draft({ t: 'POST', c: `Post ${i}` }));
      await device.submit(...(await Promise.all(drafts)));
      for (let i = 0; i < posts; i++) await device.items();
      await pause(rest);
      samples.ours.push(readMemory(pid));
      samples.theirs.push(mostMemory);
    } finally {
      await close();
    }
  }
  return samples;
}

export const relayStart: Row = {
  name: 'relay-start',
  what: 'from the start of the process to the first answer, with an identity and a device in the store',
  ours: 'the relay as `npm start` runs it (in one file), until GET /api/me is answered',
  theirs: 'the limit',
  unit: 'ms',
  target: { atMost: 1 },
  measure: measureStart,
};

export const relayMemory: Row = {
  name: 'relay-memory',
  what: `memory (RSS) at rest: ${posts} posts were made and read a hundred times, then nothing for ${rest / 1000} s`,
  ours: 'a relay in a process of its own',
  theirs: 'the limit',
  unit: 'MiB',
  target: { atMost: 1 },
  spent:
    '54 MiB are pages of the program of Node and of native code, which are read from files, and 33 to 37 its own once what the work has left is collected: 16 of objects, the rest code that was compiled, threads, and SQLite',
  measure: measureMemory,
};
