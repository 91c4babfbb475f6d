import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestDevice } from '../../relay/test/device.ts';
import { type RelayProcess, type RelaySetting, startRelay } from '../../relay/test/relay-process.ts';
import { patience, sized } from '../../relay/test/sizes.ts';
import { counted } from '../../shared/test/counted.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { createDraftActor } from '../kill/actors.ts';
import { judge, readLogs } from '../kill/auditor.ts';
import { openJournal } from '../kill/journal.ts';
import { lookAtAll } from '../kill/looks.ts';
import { roomy } from '../kill/neighbour.ts';
import { RowActor } from '../kill/row-actor.ts';
import { mayTrace, mustTrace, whyNot } from './strace.ts';

/** What goes wrong as a relay starts, and how often such a call is made then: of what is ours, or of a module that is read. */
const kinds = [
  ['pwrite64', 'EIO', 300],
  ['pwrite64', 'ENOSPC', 300],
  ['fsync', 'EIO', 20],
  ['pread64', 'EIO', 60],
  ['mkdir', 'EROFS', 8],
  ['ftruncate', 'EIO', 3],
] as const;
const many = sized(1, 120);

/** The relay with one call that fails, if that call is made; undefined when it has ended with a word about it. */
async function startFailing(setting: RelaySetting, dice: () => number): Promise<RelayProcess | undefined> {
  const [call, error, most] = kinds[Math.floor(dice() * kinds.length)]!;
  const nth = 1 + Math.floor(dice() * most);
  const file = join(setting.folder, '..', 'calls');
  const options = ['-D', '-f', '-qq', '-y', '-o', file, '-e', `trace=${call}`];
  const fault = ['-e', `inject=${call}:error=${error}:when=${nth}`];
  try {
    return await startRelay({ ...setting, wrapper: ['strace', ...options, ...fault] });
  } catch (error_) {
    const { message } = error_ as Error;
    const injected = readFileSync(file, 'latin1').match(/.*\(INJECTED\)/g) ?? [];
    expect(injected.length, message).toBeGreaterThan(0);
    // A module that could not be read is not ours to name.
    if (!injected.some((line) => line.includes(setting.folder))) return undefined;
    expect(message).toMatch(/islet: \S/);
    expect(message).not.toContain('rollback');
    return undefined;
  }
}

/** A relay that was killed while it had much in its log, and what was answered until then. */
async function prepare(setting: RelaySetting, logs: string): Promise<{ device: TestDevice; port: number }> {
  const relay = await startRelay(setting);
  const device = await relay.enrol();
  const dice = createDice();
  const parts = { device, journal: openJournal(logs, 'device', () => undefined), dice };
  const actors = [new RowActor(parts), createDraftActor(parts)];
  for (const actor of actors) {
    for (let i = 0; i < 5; i++) await actor.step(true);
    while (actor.open() > 0) await actor.step(false);
    actor.close();
  }
  await relay.kill();
  return { device, port: relay.port };
}

test.skipIf(!mayTrace && !mustTrace)(
  'S10, D6: a relay whose disk fails as it starts goes on or ends with a word about it, new or not; then it starts',
  async () => {
    if (!mayTrace) throw new Error(whyNot);
    const folder = mkdtempSync(join(tmpdir(), 'islet-start-'));
    const environment = { ...roomy, ISLET_NEIGHBOURS_DIR: folder };
    const base = join(folder, 'base');
    const { device, port } = await prepare({ folder: base, environment }, folder);
    const dice = createDice();
    for (let i = 0; i < many; i++) {
      const isNew = i % 2 === 1;
      const data = join(folder, 'data');
      if (!isNew) await cp(base, data, { recursive: true });
      const setting = { folder: data, port, environment };
      await (await startFailing(setting, dice))?.kill();
      const relay = await startRelay(setting);
      if (isNew) await relay.enrol();
      else
        await lookAtAll(
          device,
          openJournal(folder, 'reader', () => undefined),
          [],
        );
      await relay.kill();
      rmSync(data, { recursive: true });
    }
    expect(judge(readLogs(folder)).failures, `again with ISLET_SEED=${seed}`).toEqual([]);
    counted('starts with a call that fails', many);
    rmSync(folder, { recursive: true });
  },
  patience,
);
