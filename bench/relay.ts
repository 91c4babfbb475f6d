import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelay, relayCommand, relayEnvironment } from '../scripts/install.mjs';
import type { TestDevice } from '../relay/test/device.ts';
import { type RelayProcess, type RelaySetting, startRelay } from '../relay/test/relay-process.ts';

export interface BenchRelay {
  readonly port: number;
  readonly pid: number;
  /** Host name of its API. */
  readonly host: string;
  readonly device: TestDevice;
  /** Data directory. */
  readonly folder: string;
  close(): Promise<void>;
}

/** The relay in one file, as `npm start` runs it. @throws Error when it cannot be built */
export async function readOwnersWay(): Promise<Pick<RelaySetting, 'program' | 'environment'>> {
  if ((await buildRelay()) !== 0) throw new Error('the relay could not be built');
  return { program: relayCommand, environment: relayEnvironment };
}

/** A relay as its owner runs it, with a device, in a directory that goes away. */
export async function openBenchRelay(): Promise<BenchRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-'));
  const relay: RelayProcess = await startRelay({ ...(await readOwnersWay()), folder });
  return {
    ...{ folder, port: relay.port, pid: relay.pid, host: 'cl-o.me.localhost', device: await relay.enrol() },
    async close() {
      await relay.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
