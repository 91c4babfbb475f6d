import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { patience, sized } from '../../relay/test/sizes.ts';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { counted } from '../../shared/test/counted.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { judge, readLogs } from '../kill/auditor.ts';
import { openScene, type Scene } from '../kill/scene.ts';
import { inject, isAlive, type Threads } from './inject.ts';
import { mayTrace, mustTrace, whyNot } from './strace.ts';

interface Failing {
  readonly threads: Threads;
  readonly calls: string;
  readonly error: string;
  readonly nth: number;
}

/** What goes wrong with which calls. Not `write` in the pool: its threads wake the main thread with it. */
const kinds: readonly (readonly [Threads, string, readonly string[]])[] = [
  ['main', 'pwrite64', ['EIO', 'ENOSPC', 'EROFS']],
  ['main', 'fsync,fdatasync', ['EIO', 'ENOSPC']],
  ['main', 'pread64', ['EIO']],
  ['main', 'statx,newfstatat,stat', ['EIO']],
  ['pool', 'openat', ['EMFILE', 'EROFS', 'ENOSPC', 'EIO']],
  ['pool', 'pwrite64,writev', ['ENOSPC', 'EIO']],
  ['pool', 'fsync,fdatasync', ['EIO', 'ENOSPC']],
  ['pool', 'ftruncate', ['EIO']],
  ['pool', 'mkdir', ['EROFS', 'ENOSPC']],
  ['pool', 'rename', ['EROFS', 'ENOSPC', 'EIO']],
  ['pool', 'unlink', ['EROFS', 'EIO']],
  ['pool', 'read,pread64', ['EIO']],
  ['pool', 'statx,newfstatat,stat', ['EIO']],
];
const all = kinds.flatMap(([threads, calls, errors]) => errors.map((error) => ({ threads, calls, error })));

/** `ISLET_CALLS=n` for another number. */
const many = Number(env.ISLET_CALLS ?? sized(12, 600));
/** After so many the relay is killed, and what is there is read from the disk. */
const turn = 30;

/** Each kind of failure in turn, of the first call, then of the second, and so on: in an order of its own for each seed. */
function chooseFailing(): Failing[] {
  const dice = createDice();
  const keyed = all.map((kind) => ({ kind, key: dice() })).toSorted((a, b) => a.key - b.key);
  return Array.from({ length: many }, (_, i) => ({
    ...keyed[i % keyed.length]!.kind,
    nth: 1 + Math.floor(i / keyed.length) + (many < all.length ? Math.floor(dice() * 4) : 0),
  }));
}

interface Outcome {
  /** Calls that have failed. */
  hit: number;
  /** What the relay answered instead of taking something. */
  readonly answers: string[];
}

/** All at once, a few things each; what is thrown back is noted. */
async function goOn({ actors, pid }: Scene, { answers }: Outcome): Promise<void> {
  const most = 4;
  await Promise.all(
    actors.map(async (actor) => {
      for (let i = 0; i < most && isAlive(pid()); i++)
        await actor.step(true).catch((error: unknown) => answers.push(String(error)));
    }),
  );
}

/** One call after the other fails, and each time all that was open is answered then; now and again the relay is killed. */
async function play(scene: Scene, data: string): Promise<Outcome> {
  const outcome: Outcome = { hit: 0, answers: [] };
  for (const [i, { error, ...failing }] of chooseFailing().entries()) {
    const injected = await inject({ pid: scene.pid(), ...failing, what: `error=${error}` });
    await goOn(scene, outcome);
    if ((await injected.end()).includes('(INJECTED)')) outcome.hit++;
    if (!isAlive(scene.pid())) await scene.restart();
    await scene.settle();
    if ((i + 1) % turn !== 0 && i + 1 < many) continue;
    await scene.restart();
    await scene.look();
    checkFiles(data);
  }
  return outcome;
}

/** No file is there but whole ones. */
function checkFiles(data: string): void {
  const parts = readdirSync(join(data, 'public', 'incoming')).filter((name) => name.endsWith('.part'));
  expect(parts).toEqual([]);
  const blobs = join(data, 'public', 'blobs');
  for (const shard of readdirSync(blobs))
    for (const name of readdirSync(join(blobs, shard))) {
      const bytes = readFileSync(join(blobs, shard, name));
      expect(formatBlobId(createHash('sha256').update(bytes).digest())).toBe(name);
    }
}

test.skipIf(!mayTrace && !mustTrace)(
  'S10, D6, R4, W5: a system call that fails: 503, 507 or an end, never a lost answer or a part of a file; then all goes on',
  async () => {
    if (!mayTrace) throw new Error(whyNot);
    const folder = mkdtempSync(join(tmpdir(), 'islet-calls-'));
    const replay = `the logs are in ${folder}; again with ISLET_SEED=${seed}`;
    // One thread, so that it is one call that fails.
    const scene = await openScene({ folder, seed, environment: { UV_THREADPOOL_SIZE: '1' } });
    try {
      const { hit, answers } = await play(scene, join(folder, 'relay')).catch((error: unknown) => {
        throw new Error(replay, { cause: error });
      });
      expect(judge(readLogs(join(folder, 'logs'))).failures, replay).toEqual([]);
      const statuses = answers
        .map((one) => /^Error: (\d{3}) /.exec(one)?.[1])
        .filter((one) => one !== undefined);
      expect(new Set(statuses), replay).toEqual(
        new Set(statuses.filter((one) => one === '503' || one === '507')),
      );
      expect(statuses.length).toBeGreaterThan(0);
      const { brought, used } = await scene.storage();
      expect(used, replay).toBe(brought);
      expect(hit).toBeGreaterThan(many / 4);
      counted('system calls that failed', hit);
    } finally {
      await scene.close();
    }
    rmSync(folder, { recursive: true });
  },
  patience,
);
