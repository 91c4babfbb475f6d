import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { sized } from '../../relay/test/sizes.ts';
import { counted } from '../../shared/test/counted.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { mayTrace, mustTrace, whyNot } from '../trace/strace.ts';
import { judge, readLogs } from './auditor.ts';
import { playHistory } from './history.ts';
import { innerMoments, type Moment, outerMoments } from './moments.ts';

/** `ISLET_KILLS=n` for another number. */
const kills = Number(env.ISLET_KILLS ?? sized(5, 10_000));
/** A history is short, so that it can be told again. */
const mostKills = 20;

/** Each moment in turn, in an order of its own for each seed; one of the inside in three. */
function chooseMoments(from: number, many: number): Moment[] {
  const dice = createDice(from);
  const mix = (list: readonly Moment[]) =>
    list
      .map((moment) => ({ moment, key: dice() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ moment }) => moment);
  const outer = mix(outerMoments);
  const inner = mayTrace ? mix(innerMoments) : outer;
  return Array.from({ length: many }, (_, i) =>
    i % 3 === 2 ? inner[((i - 2) / 3) % inner.length]! : outer[i % outer.length]!,
  );
}

test(
  'S10, D6, R4, W5: kill -9 at any time and at each step: what was acknowledged is there, once, in order; nothing else is',
  async () => {
    expect(mayTrace || !mustTrace, whyNot).toBe(true);
    for (let done = 0, round = 0; done < kills; round++) {
      const folder = mkdtempSync(join(tmpdir(), 'islet-kills-'));
      const moments = chooseMoments(seed + round, Math.min(mostKills, kills - done));
      done += moments.length;
      const replay = `the logs are in ${folder}; again with ISLET_SEED=${seed + round} ISLET_KILLS=${moments.length}`;
      const { brought, used } = await playHistory({ folder, seed: seed + round, moments }).catch(
        (error: unknown) => {
          throw new Error(replay, { cause: error });
        },
      );
      const lines = readLogs(join(folder, 'logs'));
      const { failures, acked, intended } = judge(lines);
      expect(failures, replay).toEqual([]);
      for (const store of ['rows', 'actions', 'blobs'])
        expect(
          lines.some((line) => line.say === 'ack' && line.store === store),
          `something was acknowledged of ${store}; ${replay}`,
        ).toBe(true);
      expect(acked).toBe(intended);
      expect(used, replay).toBe(brought);
      for (const { name } of moments) counted(`kill -9 ${name}`, 1);
      counted('effects that were acknowledged', acked);
      rmSync(folder, { recursive: true });
    }
  },
  120_000 + kills * 10_000,
);
