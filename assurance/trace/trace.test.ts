import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { patience, sized } from '../../relay/test/sizes.ts';
import { counted } from '../../shared/test/counted.ts';
import { openNeighbour } from '../kill/neighbour.ts';
import { parseTrace } from './calls.ts';
import { judgeTrace, type Told } from './judge.ts';
import { startTraced } from './scene.ts';
import { tellStory } from './story.ts';
import { mayTrace, mustTrace } from './strace.ts';

const rounds = sized(2, 100);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'islet-trace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!mayTrace && !mustTrace)(
  'S10, D6, R4, W2, W5: in a trace of the relay, what is answered was on the disk before: rows, actions, files and their folders',
  async () => {
    const { relay, end } = await startTraced(folder);
    const told: Told[] = [];
    try {
      const device = await relay.enrol();
      const neighbour = await openNeighbour(folder, device);
      for (let round = 0; round < rounds; round++) told.push(...(await tellStory(device, neighbour)));
      await neighbour.close();
    } finally {
      await relay.kill();
    }
    const calls = parseTrace(await end());
    expect(judgeTrace(calls, told)).toEqual([]);
    expect(told).toHaveLength(7 * rounds);
    counted('answers that a trace shows to be on the disk', told.length);
  },
  patience,
);
