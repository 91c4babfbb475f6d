import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from '../../scripts/install.mjs';
import { startRelay } from '../../relay/test/relay-process.ts';
import { readOwnersWay } from '../relay.ts';

/** The built app, served by a relay of its own on loopback. */
export interface AppPage {
  readonly url: string;
  close(): Promise<void>;
}

export async function openAppPage(): Promise<AppPage> {
  await buildApp();
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-'));
  const relay = await startRelay({ ...(await readOwnersWay()), folder });
  return {
    url: `http://localhost:${relay.port}`,
    async close() {
      await relay.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of the built app; builds it when something of its source is younger. @throws Error when it cannot be built */
export async function buildApp(): Promise<string> {
  if ((await build()) !== 0) throw new Error('the app could not be built');
  return join(root, 'dist');
}
