import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type RelayProcess, startRelay } from '../../relay/test/relay-process.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { type Actor, type ActorParts, createDraftActor, createNeighbour, createUploader } from './actors.ts';
import { openJournal, type Said } from './journal.ts';
import { lookAtAll, readUsed } from './looks.ts';
import { openNeighbour, roomy } from './neighbour.ts';
import { RowActor } from './row-actor.ts';

/** One relay as a process, and those who deal with it; their logs are in `folder/logs`, its data in `folder/relay`. */
export interface Scene {
  readonly actors: readonly Actor[];
  /** Of the relay as it runs now. */
  pid(): number;
  kill(): Promise<void>;
  /** The relay, killed before or not, starts with the data that it has. */
  restart(): Promise<void>;
  /** Everything that the relay shows is read, and noted. */
  look(): Promise<void>;
  /** Everything that waits for an answer gets one. @throws Error when the relay does not give it */
  settle(): Promise<void>;
  /** Bytes of files: those that were brought, and those that the relay counts. */
  storage(): Promise<{ readonly brought: number; readonly used: number }>;
  close(): Promise<void>;
}

export interface Setting {
  /** Empty. */
  readonly folder: string;
  readonly seed: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Is told of each line of a log. */
  readonly heard?: (said: Said) => void;
}

/** Milliseconds that may go by until everything open is answered. */
const patience = 60_000;

export async function openScene({
  folder,
  seed,
  environment,
  heard = () => undefined,
}: Setting): Promise<Scene> {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const dice = createDice(seed);
  const start = (port: number) =>
    startRelay({
      ...{ folder: join(folder, 'relay'), port },
      environment: { ...roomy, ISLET_NEIGHBOURS_DIR: folder, ...environment },
    });
  let relay = await start(0);
  const { port } = relay;
  const { device, node } = await prepare(folder, relay).catch(async (error: unknown) => {
    await relay.kill();
    throw error;
  });
  const partsOf = (name: string): ActorParts => ({
    ...{ device, journal: openJournal(logs, name, heard), dice: createDice(Math.floor(dice() * 2 ** 32)) },
  });
  const uploader = createUploader(partsOf('uploader'));
  const devices = [uploader, new RowActor(partsOf('rows')), createDraftActor(partsOf('drafts'))];
  const actors = [...devices, createNeighbour(partsOf('neighbour'), node)];
  const { journal: reader } = partsOf('reader');
  return {
    actors,
    pid: () => relay.pid,
    kill: () => relay.kill(),
    async restart() {
      await relay.kill();
      relay = await start(port);
    },
    look: () => lookAtAll(device, reader, uploader.brought.keys()),
    settle: () => settle(actors),
    async storage() {
      const brought = [...uploader.brought.values()].reduce((sum, size) => sum + size, 0);
      return { brought, used: await readUsed(device) };
    },
    async close() {
      for (const actor of actors) actor.close();
      await relay.kill();
      await node.close();
    },
  };
}

async function prepare(folder: string, relay: RelayProcess) {
  const device = await relay.enrol();
  return { device, node: await openNeighbour(folder, device) };
}

async function settle(actors: readonly Actor[]): Promise<void> {
  const end = performance.now() + patience;
  for (const actor of actors) {
    let last: unknown;
    while (actor.open() > 0) {
      if (performance.now() > end) throw new Error('what was open is never answered', { cause: last });
      await actor.step(false).catch(async (error: unknown) => {
        last = error;
        await pause(50);
      });
    }
  }
}
