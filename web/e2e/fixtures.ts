import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { relayCommand, relayEnvironment, root } from '../../scripts/install.mjs';

export { expect } from '@playwright/test';

/** A relay process of its own, in one file as `npm start` runs it, with its own data. */
export interface Relay {
  /** Origin of the app, e.g. `http://localhost:40123`; stays the same over stop and start. */
  readonly url: string;
  /** Origin of the API, e.g. `http://cl-o.me.localhost:40123`. */
  readonly apiOrigin: string;
  readonly idTag: string;
  readonly port: number;
  /** The newest one-time link of the log; undefined when the relay printed none at its last start. */
  readonly setupLink: string | undefined;
  /** Everything it has printed. */
  readonly output: () => string;
  /** Same port, same data. */
  start(): Promise<void>;
  /** Ends it as a person would (SIGTERM) and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends it without warning. */
  kill(): Promise<void>;
}

interface WorkerFixtures {
  /** `me.localhost` for stories that neither claim nor stop it: they share one, for starting it takes a second. */
  unclaimed: Relay;
}

interface Fixtures {
  /** `me.localhost`, app at `http://localhost:<port>`; running. */
  relay: Relay;
  /** A neighbour, `bob.localhost`; started when a test asks for it. */
  bob: Relay;
  /** Folder of this test: data of both relays, and the file by which they find each other. */
  relayFolder: string;
  /** Ends the browser profiles that a test opened: their pages would go on looking for relays that are gone. */
  profiles: void;
}

/**
 * The service worker puts the whole app into the cache of each fresh browser, which takes longer than many a story. So only
 * stories with the tag `@offline` have it: those that open a page while the relay is away, or that look at files.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  serviceWorkers: ({}, use, { tags }) => use(tags.includes('@offline') ? 'allow' : 'block'),
  unclaimed: [({}, use) => inFolder((folder) => provide('me.localhost', folder, use)), { scope: 'worker' }],
  relayFolder: ({}, use) => inFolder(use),
  profiles: [
    async ({ browser }, use) => {
      await use();
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    { auto: true },
  ],
  relay: ({ relayFolder }, use) => provide('me.localhost', relayFolder, use),
  bob: ({ relayFolder }, use) => provide('bob.localhost', relayFolder, use),
});

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-e2e-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function provide(idTag: string, folder: string, use: (relay: Relay) => Promise<void>): Promise<void> {
  const relay = await startRelay(idTag, folder);
  try {
    await use(relay);
  } finally {
    await relay.stop();
  }
}

/** Starts a relay whose data lie in `folder`, with more settings of its environment. */
export async function startRelay(
  idTag: string,
  folder: string,
  environment: Record<string, string> = {},
): Promise<Relay> {
  const port = await findFreePort();
  const appHost = idTag === 'me.localhost' ? 'localhost' : idTag;
  let child: ChildProcess | undefined;
  let output = '';
  let setupLink: string | undefined;

  const start = async (): Promise<void> => {
    const running = spawnRelay(idTag, port, { folder, environment });
    child = running;
    const heard = await waitForUrl(running, (text) => {
      output += text;
    });
    setupLink = /^Set up Islet: (\S+)$/m.exec(heard)?.[1];
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  };

  await start();
  return {
    url: `http://${appHost}:${port}`,
    apiOrigin: `http://cl-o.${idTag}:${port}`,
    idTag,
    port,
    get setupLink() {
      return setupLink;
    },
    output: () => output,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function spawnRelay(
  idTag: string,
  port: number,
  { folder, environment }: { folder: string; environment: Record<string, string> },
): ChildProcess {
  return spawn(process.execPath, [...relayCommand, '--name', idTag, '--port', String(port)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DATA_DIR: join(folder, idTag),
      ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours'),
      ...relayEnvironment,
      ...environment,
    },
  });
}

/** What it printed until it said where it is. @throws Error with its output when it ended instead */
async function waitForUrl(child: ChildProcess, hear: (text: string) => void): Promise<string> {
  let heard = '';
  return new Promise((resolve, reject) => {
    const listen = (bytes: Buffer) => {
      heard += bytes.toString('utf8');
      hear(bytes.toString('utf8'));
      if (/^Islet is at \S+$/m.test(heard)) resolve(heard);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the relay ended:\n${heard}`)));
  });
}

/** A port that was free a moment ago, on both loopback families. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
