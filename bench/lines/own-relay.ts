import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDevice } from '../../relay/test/device.ts';
import { type RelayProcess, startRelay } from '../../relay/test/relay-process.ts';
import { readOwnersWay } from '../relay.ts';

/** Our relay as its owner runs it, which can be ended and begun anew. */
export interface OwnRelay {
  readonly device: TestDevice;
  readonly pid: () => number;
  /** Another identity on a relay of its own, which can be reached. */
  openNeighbour(): Promise<TestDevice>;
  restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  close(): Promise<void>;
}

export async function openOwnRelay(environment: Readonly<Record<string, string>>): Promise<OwnRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-'));
  const way = await readOwnersWay();
  const neighbours = { ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours') };
  const setting = { ...way, folder, environment: { ...way.environment, ...environment, ...neighbours } };
  let running = await startRelay(setting);
  const { port } = running;
  const device = await running.enrol();
  const others: RelayProcess[] = [];
  return {
    device,
    pid: () => running.pid,
    async openNeighbour() {
      const other = await startRelay({ ...setting, name: 'you.localhost', folder: join(folder, 'you') });
      others.push(other);
      return other.enrol();
    },
    async restart(signal) {
      await running.kill(signal);
      running = await startRelay({ ...setting, port });
    },
    async close() {
      await Promise.all([running, ...others].map((relay) => relay.kill('SIGKILL')));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
