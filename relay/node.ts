import { join } from 'node:path';
import type { Random } from '../shared/bytes.ts';
import { apiHost } from '../shared/identity/id-tag.ts';
import { type Config, createOrigins } from './config.ts';
import { createDeliveries } from './delivery/deliveries.ts';
import { createBlobUse } from './files/blob-use.ts';
import { createCheck } from './files/check.ts';
import { createCollection } from './files/collect.ts';
import { createDamage, type DamageParts } from './files/damage.ts';
import { openImages } from './files/images/images.ts';
import { holdOldBlobs } from './files/old-blobs.ts';
import { createQuota, type Quota } from './files/quota.ts';
import { createRegister } from './files/register.ts';
import { createMemoryStaging, openFileStaging } from './files/staging.ts';
import { createUploads } from './files/uploads.ts';
import { createActionResource } from './http/actions.ts';
import { createApp } from './http/app.ts';
import { createBlobResource } from './http/blobs.ts';
import { createDeviceResource } from './http/devices.ts';
import { createFileResource } from './http/files.ts';
import { createInboxResource } from './http/inbox.ts';
import { createIpfsResource } from './http/ipfs.ts';
import { listen } from './http/listen.ts';
import { createMe } from './http/me.ts';
import { createPeopleResource } from './http/people.ts';
import { createPictureResource } from './http/pictures.ts';
import { createStatic } from './http/static.ts';
import { createStorageResource } from './http/storage.ts';
import { createTokenResource } from './http/token.ts';
import { createUploadResource } from './http/uploads.ts';
import { findNeighbourPort, writeOwnPort } from './identity/neighbours.ts';
import { createProfiles } from './identity/profiles.ts';
import { type Connect, createSafeFetch, type Resolve } from './identity/safe-fetch.ts';
import { createSealer, deriveBytes, readKeysSecret } from './identity/secret.ts';
import { randomBytes } from './identity/webcrypto.ts';
import { createAttachments } from './inbox/attachments.ts';
import { createVerifier } from './inbox/keys.ts';
import { createPortraits, type Portraits } from './inbox/portraits.ts';
import { createLog, type Log } from './log.ts';
import { openSpace, type Space } from './socket/space.ts';
import { createUpgrades } from './socket/upgrade.ts';
import { openBlobs } from './store/blobs/blobs.ts';
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
  const report = (error: unknown) => log.error({ err: error }, 'background work failed');
  const { check, blobs, healing } = await openCheckedBlobs(config, { db: store.db, now, report }, onClose);
  const secret = await readKeysSecret(config.privateDir, config.keysSecret, random);
  const fetch = createSafeFetch({
    local: config.local,
    findPort: async (idTag) =>
      config.neighbours.get(idTag) ?? findNeighbourPort(config.neighboursFolder, idTag),
    ...(resolve && { resolve }),
    ...(connect && { connect }),
  });
  return {
    ...{ now, random, log, store, blobs, check, healing, fetch, report, db: store.db },
    sealer: await createSealer(secret, random),
    accessSecret: await deriveBytes(secret, 'access tokens'),
    profiles: createProfiles({ db: store.db, fetch, now }),
    use: createBlobUse(),
  };
}

/** Who can get a damaged blob again from elsewhere is known only later. */
interface Healing {
  start?: (blob: string) => void;
}

async function openCheckedBlobs(
  { blobs: place, publicDir: folder }: Config,
  parts: Pick<DamageParts, 'db' | 'now' | 'report'>,
  onClose: OnClose,
) {
  const healing: Healing = {};
  const blobs = await openBlobs({ place, folder, ...parts });
  const damage = createDamage({ ...parts, blobs, damaged: (blob) => healing.start?.(blob) });
  const check = createCheck({ ...parts, damage });
  onClose(() => check.close());
  return { check, blobs: damage.blobs, healing };
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
  const portraits = createPortraits({ ...parts, idTag: config.idTag, changed });
  parts.healing.start = (blob) =>
    void Promise.all([attachments.renew(blob), portraits.renew(blob)]).catch(parts.report);
  // What is under way is cut off first, so that stopping never waits for a slow neighbour.
  onClose(async () => {
    const closing = [fetch, deliveries, attachments, portraits];
    await Promise.all(closing.map((part) => part.close()));
  });
  const tenant = await openTenant(config.idTag, {
    ...parts,
    ...{ db, fetch, profiles, verify: createVerifier(profiles) },
    queued: (neighbours) => {
      neighbours.forEach(deliveries.wake);
      neighbours.forEach(portraits.wake);
    },
    accepted: (iss) => {
      deliveries.wake(iss);
      attachments.wake(iss);
      portraits.wake(iss);
    },
    wake: wakeDevices,
    closeDevices: (dids) => live.space?.closeDevices(dids),
  });
  const { idTag, keys, devices } = tenant;
  const space = await openSpace({ db, idTag, logId: keys.logId, devices, now: parts.now });
  live.space = space;
  const wake = async () =>
    void (await Promise.all([deliveries.wakeAll(), attachments.wakeAll(), parts.check.wake()]));
  return { tenant, space, portraits, wake };
}

/** What makes files of blobs and shows them; pictures are opened by a process of their own. */
async function openFileResources(config: Config, parts: Parts & { quota: Quota }, onClose: OnClose) {
  const { db, blobs, now } = parts;
  const images = await openImages(join(config.publicDir, 'images'), blobs);
  onClose(() => images.close());
  const register = createRegister({ ...parts, images });
  return [
    createFileResource({ db, blobs, register, now }),
    createIpfsResource(db, blobs),
    createPictureResource({ db, blobs, now }),
  ];
}

/** What brings bytes in and lets them go again. Once the base identity is there: blobs of earlier versions become its own. */
async function openStorage(config: Config, given: Parts, onClose: OnClose) {
  const { db, random, now, check, report } = given;
  const { idTag } = config;
  const parts = { ...given, idTag, quota: createQuota(db, config.storageLimit) };
  await holdOldBlobs(parts).catch(report);
  const disk = await openFileStaging(join(config.publicDir, 'incoming'));
  const staging = config.staging === 'memory' ? createMemoryStaging(disk) : disk;
  const uploads = createUploads({ ...parts, staging, random });
  await uploads.tidy();
  const collection = createCollection({ ...parts, uploads });
  onClose(() => collection.close());
  const resources = [
    createBlobResource(parts),
    createUploadResource(uploads, now),
    createStorageResource({ db, quota: parts.quota, check, now, report }),
  ];
  return { collection, resources, quota: parts.quota };
}

/** Devices, people, and what they say. */
function createTalkResources({ db, profiles, now, report }: Parts, portraits: Portraits) {
  return [
    createDeviceResource({ db, now }),
    createTokenResource(now),
    createActionResource(db, now),
    createInboxResource(now, report),
    createPeopleResource({ db, profiles, portraits, now }),
  ];
}

async function serve(config: Config, parts: Parts, onClose: OnClose) {
  const { now, db, log, store, report } = parts;
  const { tenant, space, portraits, wake: wakeHome } = await openHome(config, parts, onClose);
  const { collection, resources, quota } = await openStorage(config, parts, onClose);
  const wake = async () => void (await Promise.all([wakeHome(), collection.wake()]));
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
    open: [createMe({ db, apiBase: origins.api, now })],
    resources: [
      ...createTalkResources(parts, portraits),
      ...(await openFileResources(config, { ...parts, quota }, onClose)),
      ...resources,
    ],
    serveApp: await createStatic(config.distDir, origins),
  });
  const gate = { findTenant, findSpace: () => space, trustProxy, appOrigin: origins.app };
  const upgrades = createUpgrades({ ...gate, report });
  onClose(() => Promise.resolve(space.close()).then(upgrades.close));
  const handle = app.callback();
  listening.serve((request, response) => void handle(request, response), upgrades.handle);
  const setup = await tenant.devices.createSetup();
  await wakeHome();
  void collection.wake().catch(report);
  const clock = setInterval(() => void wake().catch(report), 60 * 60 * 1000).unref();
  onClose(async () => Promise.resolve(clearInterval(clock)));
  return { url: origins.app, port, setupLink: setup && `${origins.app}/setup#${setup}`, wake };
}
