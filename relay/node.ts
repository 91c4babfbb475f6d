import { openArchiving } from './archiving.ts';
import { type Config } from './config.ts';
import { openHomes } from './homes.ts';
import { createApp } from './http/app.ts';
import { type Listening, listen } from './http/listen.ts';
import { createShown } from './http/shown.ts';
import { createStatic } from './http/static.ts';
import type { OwnDoor } from './identity/safe-fetch.ts';
import { createNaming } from './naming.ts';
import { createOrigins } from './origins.ts';
import { openParts, type OnClose, type Overrides, type Parts } from './parts.ts';
import { createOpenResources, createResources } from './resources.ts';
import { createUpgrades, type Upgrades } from './socket/upgrade.ts';
import { openFileResources, openStorage } from './storage.ts';
import { countRows, readQueue, sumHoldings } from './store/figures.ts';

export type { Overrides };

export interface RelayNode {
  /** Where people open the app. */
  readonly url: string;
  /** The port that is listened on. */
  readonly port: number;
  /** One-time link, while no device is enrolled. */
  readonly setupLink: string | undefined;
  /** Looks at the clock and at everything that waits to go out. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Composition root: one relay, listening. @throws StorageError, or the reason why it cannot listen */
export async function createNode(config: Config, overrides: Overrides = {}): Promise<RelayNode> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const parts = await openParts(config, overrides, (closer) => closers.push(closer));
    return { ...(await serve(config, parts, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(config: Config, parts: Parts, onClose: OnClose) {
  const { log, store, report, limits, metrics } = parts;
  const homes = await openHomes(config, parts, onClose);
  const { collection, resources, quota } = await openStorage(config, parts, onClose);
  const archiving = await openArchiving(config, { ...parts, homes, quota }, onClose);
  const listening = await listen(config);
  const wakeAll = () => [homes.wake(), collection.wake(), archiving.wake(), listening.renew()];
  const wake = async () => void (await Promise.all(wakeAll()));
  onClose(() => listening.close());
  const { port } = listening;
  const origins = createOrigins(config, port);
  const door = ownDoor(config, listening);
  parts.own.door = (host) => (homes.findTenant(host) ? door : undefined);
  const { findTenant } = homes;
  const trustProxy = config.mode === 'proxy';
  const naming = createNaming({ ...parts, config, homes, origins });
  const shown = createShown(parts.db);
  const resourceParts = { ...parts, config, homes, origins, naming, shown };
  const app = createApp({
    ...{ refusalOf: archiving.refusalOf },
    ...{ log, findTenant, trustProxy, probe: () => store.probe(), appOrigin: origins.app },
    ...{ limits, metrics, metricsToken: config.metricsToken, secure: !config.local },
    anywhere: naming.anywhere,
    open: createOpenResources(resourceParts),
    resources: [
      ...archiving.resources,
      ...createResources(resourceParts),
      ...(await openFileResources(config, { ...parts, quota, shown }, onClose)),
      ...resources,
    ],
    serveApp: await createStatic(config.distDir, origins, config.serviceWorker),
  });
  const upgrades = createUpgrades({
    ...{ findTenant: archiving.findTenant, trustProxy, appOrigin: origins.app, report, limits },
    findSpace: (idTag) => homes.read(idTag).space,
    findCrdt: (idTag) => homes.read(idTag).crdt,
  });
  watchRelay(parts, upgrades);
  onClose(() => Promise.resolve(homes.closeSockets()).then(upgrades.close));
  const handle = app.callback();
  listening.serve((request, response) => void handle(request, response), upgrades.handle);
  await homes.listening(port);
  const setup = await homes.base.tenant.devices.createSetup();
  await Promise.all([homes.wake(), archiving.wake()]);
  void collection.wake().catch(report);
  const clock = setInterval(() => void wake().catch(report), 60 * 60 * 1000).unref();
  onClose(async () => Promise.resolve(clearInterval(clock)));
  return { url: origins.app, port, setupLink: setup && `${origins.app}/setup#${setup}`, wake };
}

/** What is looked at when somebody reads the metrics. */
function watchRelay({ metrics: { gauge }, store, db, now }: Parts, upgrades: Upgrades): void {
  gauge('islet_sockets', 'Sockets that are open.', () => upgrades.count());
  gauge('islet_sync_rows', 'Rows in the logs of all identities.', () => countRows(db));
  gauge('islet_store_bytes', 'Size of the database.', () => store.size());
  gauge('islet_blob_bytes', 'Bytes of files that identities hold.', () => sumHoldings(db));
  gauge('islet_queue_length', 'Deliveries that wait.', async () => (await readQueue(db)).length);
  gauge('islet_queue_age_seconds', 'Since when the oldest delivery waits.', async () => {
    const { since } = await readQueue(db);
    return since === undefined ? 0 : Math.max(0, (now() - since) / 1000);
  });
}

/** Where the relay reaches itself: the address that it listens on, or loopback when that is any. */
function ownDoor({ tls }: Config, { servers, port }: Listening): OwnDoor {
  const at = servers[0]?.address();
  const address = typeof at === 'object' && at ? at.address : '127.0.0.1';
  const loopback: Readonly<Record<string, string>> = { '::': '::1', '0.0.0.0': '127.0.0.1' };
  return { address: loopback[address] ?? address, port, tls: tls !== undefined };
}
