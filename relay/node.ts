import type { Random } from '../shared/bytes.ts';
import { apiHost, type IdTag } from '../shared/identity/id-tag.ts';
import { type Config, createOrigins } from './config.ts';
import { createDeliveries } from './delivery/deliveries.ts';
import { createActionResource } from './http/actions.ts';
import { createApp } from './http/app.ts';
import { createDeviceResource } from './http/devices.ts';
import { createFileResource } from './http/files.ts';
import { createInboxResource } from './http/inbox.ts';
import { listen } from './http/listen.ts';
import { createMe } from './http/me.ts';
import { createPeopleResource } from './http/people.ts';
import { createStatic } from './http/static.ts';
import { createTokenResource } from './http/token.ts';
import { findNeighbourPort, writeOwnPort } from './identity/neighbours.ts';
import { createProfiles } from './identity/profiles.ts';
import { type Connect, createSafeFetch, type Resolve } from './identity/safe-fetch.ts';
import { createSealer, deriveBytes, readKeysSecret } from './identity/secret.ts';
import { randomBytes } from './identity/webcrypto.ts';
import { createAttachments } from './inbox/attachments.ts';
import { createVerifier } from './inbox/keys.ts';
import { createLog, type Log } from './log.ts';
import { openSpace, type Space } from './socket/space.ts';
import { createUpgrades } from './socket/upgrade.ts';
import { openBlobs } from './store/blobs.ts';
import { openStore } from './store/database.ts';
import { type Addressed, openTenant } from './tenant.ts';

/** What tests hand in: clock, chance, the network's two ends, the log. Nothing else of a node can be replaced. */
export interface Overrides {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: Random;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  readonly log?: Log;
}

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

type OnClose = (closer: () => Promise<void>) => void;

/** Storage, secrets and the way out: what needs no port. */
async function openParts(config: Config, overrides: Overrides, onClose: OnClose) {
  const {
    now = Date.now,
    random = randomBytes,
    log = createLog(config.logLevel),
    resolve,
    connect,
  } = overrides;
  const store = await openStore(config.privateDir, now);
  onClose(() => store.close());
  const blobs = await openBlobs(config.publicDir);
  const secret = await readKeysSecret(config.privateDir, config.keysSecret, random);
  const fetch = createSafeFetch({
    local: config.local,
    findPort: async (idTag) =>
      config.neighbours.get(idTag) ?? findNeighbourPort(config.neighboursFolder, idTag),
    ...(resolve && { resolve }),
    ...(connect && { connect }),
  });
  return {
    ...{ now, random, log, store, blobs, fetch, db: store.db },
    sealer: await createSealer(secret, random),
    accessSecret: await deriveBytes(secret, 'access tokens'),
    profiles: createProfiles({ db: store.db, fetch, now }),
    report: (error: unknown) => log.error({ err: error }, 'background work failed'),
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** The base identity with what works for it in the background. */
async function openHome(config: Config, parts: Parts, onClose: OnClose) {
  const { db, fetch, profiles } = parts;
  /** The space needs the tenant's device log, and the tenant tells the space: one of them comes later. */
  const live: { space?: Space } = {};
  const wakeDevices = (topic: 'actions' | 'devices') => live.space?.wake(topic);
  const changed = () => wakeDevices('actions');
  const deliveries = createDeliveries({ ...parts, changed });
  const attachments = createAttachments({ ...parts, changed });
  // What is under way is cut off first, so that stopping never waits for a slow neighbour.
  onClose(async () => void (await Promise.all([fetch.close(), deliveries.close(), attachments.close()])));
  const tenant = await openTenant(config.idTag, {
    ...parts,
    ...{ db, fetch, profiles, verify: createVerifier(profiles) },
    queued: (neighbours) => neighbours.forEach(deliveries.wake),
    accepted: (iss) => {
      deliveries.wake(iss);
      attachments.wake(iss);
    },
    wake: wakeDevices,
    closeDevices: (dids) => live.space?.closeDevices(dids),
  });
  const { idTag, keys, devices } = tenant;
  const space = await openSpace({ db, idTag, logId: keys.logId, devices, now: parts.now });
  live.space = space;
  const wake = async () => void (await Promise.all([deliveries.wakeAll(), attachments.wakeAll()]));
  return { tenant, space, wake };
}

async function serve(config: Config, parts: Parts, onClose: OnClose) {
  const { now, db, log, store, blobs, profiles, report } = parts;
  const { tenant, space, wake } = await openHome(config, parts, onClose);
  const listening = await listen(config);
  onClose(() => listening.close());
  const { port } = listening;
  const origins = createOrigins(config, port);
  if (config.local) await writeOwnPort(config.neighboursFolder, config.idTag, port);
  const hosts = new Map<string, Addressed>([
    [config.appHost, { tenant, place: 'app' }],
    [apiHost(config.idTag), { tenant, place: 'api' }],
  ]);
  const findTenant = (host: string) => hosts.get(host);
  const trustProxy = config.mode === 'proxy';
  const app = createApp({
    ...{ log, findTenant, trustProxy, probe: () => store.probe() },
    open: [createMe({ apiBase: origins.api, now })],
    resources: [
      createDeviceResource({ db, now }),
      createTokenResource(now),
      createActionResource(db, now),
      createInboxResource(now, report),
      createFileResource({ db, blobs, now }),
      createPeopleResource({ db, profiles, now }),
    ],
    serveApp: await createStatic(config.distDir, origins),
  });
  const findSpace = (_idTag: IdTag) => space;
  const upgrades = createUpgrades({ findTenant, findSpace, trustProxy, appOrigin: origins.app, report });
  onClose(async () => {
    space.close();
    upgrades.close();
    return Promise.resolve();
  });
  const handle = app.callback();
  listening.serve((request, response) => void handle(request, response), upgrades.handle);
  const setup = await tenant.devices.createSetup();
  await wake();
  return { url: origins.app, port, setupLink: setup && `${origins.app}/setup#${setup}`, wake };
}
