import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportSchema, exportsSchema } from '../../shared/api/archive.ts';
import { routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { fetchArchive, listRows, Mover, peakMemory, untilReady } from './archives.ts';
import { dataOf, TestDevice } from './device.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';
import { sendFile } from './send-file.ts';
import { patience, sized } from './sizes.ts';

const rounds = sized(3, 20);
const files = sized(8, 200);
const fileBytes = 2 * 1024 * 1024;

describe('W9, W10: kill -9 while an archive is made and taken in', () => {
  let folder: string;
  let relay: RelayProcess;
  let device: TestDevice;
  let archive: Buffer;
  const dice = createDice();
  const start = async (name: string): Promise<void> => {
    relay = await startRelay({ folder: join(folder, name) });
  };
  /** The same device at the relay as it runs now. */
  const again = (): TestDevice => {
    const other = new TestDevice(device.network, relay.relay, device.keys);
    other.delegation = device.delegation;
    return other;
  };
  const pause = (most: number) => new Promise((resolve) => setTimeout(resolve, dice() * most));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-moving-kill-'));
    await start('old');
    device = await relay.enrol();
    for (let i = 0; i < files; i++)
      await sendFile(device, [{ bytes: new Uint8Array(randomBytes(fileBytes)) }]);
    for (let i = 0; i < 5; i++) await device.say({ t: 'POST', c: `post ${i}`, v: 'P' });
  }, patience);
  afterAll(async () => {
    await relay.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test(
    'W9: what is made goes on after each start, and is whole in the end',
    async () => {
      const { id } = dataOf(await device.ask(routes.exports, 'POST', { purpose: 'copy' }), exportSchema);
      for (let round = 0; round < rounds; round++) {
        await pause(150);
        await relay.kill();
        await start('old');
      }
      const made = await untilReady(again(), id);
      const memory = peakMemory(relay.pid);
      archive = await fetchArchive(again(), id);
      expect(archive.length).toBe(made.size);
      expect(peakMemory(relay.pid) - memory).toBeLessThan(200 * 1024 * 1024);
      expect(dataOf(await again().ask(routes.exports), exportsSchema).exports).toHaveLength(1);
    },
    patience,
  );

  test(
    'W10: whatever step it is cut off in, all is there in the end, or nothing',
    async () => {
      await relay.kill();
      await start('new');
      const wanted = listRows(archive, 'actions').map(({ token }) => token);
      for (let round = 0; round < rounds; round++) {
        const mover = new Mover(relay.relay, archive);
        const sending = mover.send(1024 * 1024).catch(() => undefined);
        await pause(300);
        await relay.kill();
        await sending;
        await start('new');
      }
      const mover = new Mover(relay.relay, archive);
      await mover.send();
      const memory = peakMemory(relay.pid);
      await mover.until('checked');
      await mover.ask(`${mover.path}/take`, 'POST', { keys: [] });
      for (let round = 0; round < rounds; round++) {
        await pause(120);
        await relay.kill();
        await start('new');
      }
      const last = new Mover(relay.relay, archive, mover.path);
      expect(await last.until('done', 'refused', 'checked')).toMatchObject({ state: 'done' });
      expect(peakMemory(relay.pid)).toBeLessThan(memory + 200 * 1024 * 1024);
      const log = await again().log();
      expect([...log.devices.keys()]).toEqual([device.keys.did]);
      const here = await again().relay.ask(`${routes.actions}?type=POST&limit=100`);
      for (const token of wanted) expect(here.text).toContain(token);
    },
    patience,
  );
});
