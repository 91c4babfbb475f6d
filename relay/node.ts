import type { Random } from '../shared/bytes.ts';
import { apiHost, type IdTag } from '../shared/identity/id-tag.ts';
import { signSigningInput } from '../shared/token/compact.ts';
import { type Config, createOrigins } from './config.ts';
import { openDeliveries } from './delivery/deliveries.ts';
import { createBlobUse } from './files/blob-use.ts';
import { createActionResource } from './http/actions.ts';
import { createApp } from './http/app.ts';
import { createDeliveryResource } from './http/deliveries.ts';
import { createDeviceResource } from './http/devices.ts';
import { createInboxResource } from './http/inbox.ts';
import { listen } from './http/listen.ts';
import { createMe } from './http/me.ts';
import { createOutboxResource } from './http/outbox.ts';
import { createPeopleResource } from './http/people.ts';
import { createPresenceResource } from './http/presence.ts';
import { createStatic } from './http/static.ts';
import { createTokenResource } from './http/token.ts';
import { findApiBase, findNeighbourPort, writeOwnPort } from './identity/neighbours.ts';
import { createProfiles } from './identity/profiles.ts';
import type { Resolve } from './identity/resolve.ts';
import { type Connect, createSafeFetch } from './identity/safe-fetch.ts';
import { createSealer, deriveBytes, readKeysSecret } from './identity/secret.ts';
import { createTrust } from './identity/trust.ts';
import type { Asking } from './identity/visits.ts';
import { randomBytes } from './identity/webcrypto.ts';
import { createAttachments } from './inbox/attachments.ts';
import { type Contacts, createContacts, wakeContact } from './inbox/contacts.ts';
import { createVerifier } from './inbox/keys.ts';
import { createPortraits } from './inbox/portraits.ts';
import { createLog, type Log } from './log.ts';
import { createAdmit } from './socket/rooms/admit.ts';
import { createParser } from './socket/rooms/parser.ts';
import { createRooms, type Rooms } from './socket/rooms/rooms.ts';
import { openSpace, type Space } from './socket/space.ts';
import { createUpgrades } from './socket/upgrade.ts';
import { openStore } from './store/database.ts';
import { openCheckedBlobs, openFileResources, openStorage } from './storage.ts';
import { type Addressed, openTenant, type Tenant } from './tenant.ts';

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
  const findPort = async (idTag: IdTag) =>
    config.neighbours.get(idTag) ?? findNeighbourPort(config.neighboursFolder, idTag);
  const fetch = createSafeFetch({
    ...{ local: config.local, allowed: config.privateAddresses, findPort },
    ...(resolve && { resolve }),
    ...(connect && { connect }),
  });
  return {
    ...{ now, random, log, store, blobs, check, healing, fetch, report, db: store.db },
    findApiBase: (idTag: IdTag) => findApiBase(idTag, findPort),
    sealer: await createSealer(secret, random),
    accessSecret: await deriveBytes(secret, 'access tokens'),
    profiles: createProfiles({ db: store.db, fetch, now }),
    use: createBlobUse(),
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** The base identity with what works for it in the background. */
async function openHome(config: Config, parts: Parts, onClose: OnClose) {
  const { db, fetch } = parts;
  /** The space needs the tenant's device log, and the tenant tells the space: one of them comes later. */
  const live: { space?: Space; tenant?: Tenant; rooms?: Rooms; contacts?: Contacts } = {};
  const wakeDevices = (topic: 'actions' | 'devices') => live.space?.wake(topic);
  const changed = () => wakeDevices('actions');
  const deliveries = await openDeliveries({
    ...parts,
    changed,
    sign: async (idTag, signingInput) => {
      if (live.tenant?.idTag !== idTag) throw new Error(`the keys of ${idTag} are not here`);
      return signSigningInput(signingInput, live.tenant.keys.sign);
    },
    relatedOf: async (row) => (await live.tenant?.talk.relatedOf(row)) ?? [],
  });
  /** Files of some neighbours are for their contacts only. */
  const ask: Asking = (...asked) => (live.tenant?.visits.askOpenly ?? fetch)(...asked);
  const attachments = createAttachments({ ...parts, changed, fetch: ask });
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
    identityType: config.identityType,
    verify: createVerifier(parts.profiles),
    queued: (neighbours) => {
      neighbours.forEach(deliveries.wake);
      // Who is followed or asked to connect; not ten thousand followers at every post.
      if (neighbours.length === 1) neighbours.forEach(portraits.wake);
    },
    accepted: (iss) => {
      deliveries.seen(iss);
      attachments.wake(iss);
      portraits.wake(iss);
    },
    actionStored: ({ action: { payload } }) => {
      if (payload.t.startsWith('FSHR')) live.rooms?.recheck();
      wakeContact(payload, config.idTag, live.contacts);
    },
    passed: ({ payload: { iss, t, sub } }) => live.space?.presence({ from: iss, t, about: sub ?? '' }),
    wake: wakeDevices,
    closeDevices: (dids) => live.space?.closeDevices(dids),
  });
  live.tenant = tenant;
  onClose(() => tenant.talk.close());
  const { idTag, keys, devices } = tenant;
  const space = await openSpace({ db, idTag, logId: keys.logId, devices, now: parts.now });
  live.space = space;
  const crdt = openRooms(tenant, space, parts, onClose);
  live.rooms = crdt.rooms;
  const contacts = openContacts(tenant, { ...parts, changed }, onClose);
  live.contacts = contacts;
  const wake = async () =>
    void (await Promise.all([
      contacts.wakeAll(),
      ...[deliveries.wakeAll(), attachments.wakeAll(), parts.check.wake()],
      tenant.talk.wake(),
    ]));
  const standingChanged = (neighbour: IdTag) => {
    contacts.wake(neighbour);
    crdt.rooms.recheck();
  };
  return { tenant, space, crdt, portraits, deliveries, trust: contacts.trust, standingChanged, wake };
}

/** Whom the identity has to do with, as they are now and as they were before. */
function openContacts(tenant: Tenant, parts: Parts & { changed: () => void }, onClose: OnClose) {
  const { idTag, visits, talk } = tenant;
  const trust = createTrust({ ...parts, idTag });
  const contacts = createContacts({ ...parts, idTag, trust, visits, accept: talk.accept });
  // First of all, so that stopping never waits for a slow neighbour.
  onClose(async () => void (await Promise.all([parts.fetch.close(), contacts.close()])));
  return { ...contacts, trust };
}

/** Documents that neighbours and devices edit together; they are read in a thread of their own. */
function openRooms(tenant: Tenant, space: Space, parts: Parts, onClose: OnClose) {
  const { idTag, keys, access, guests } = tenant;
  const { db } = parts;
  const parser = createParser();
  onClose(() => parser.close());
  const rooms = createRooms({ ...parts, idTag, space, parser, sign: keys.sign });
  onClose(() => rooms.close());
  return { rooms, admit: createAdmit({ db, idTag, access, guests }) };
}

type Home = Awaited<ReturnType<typeof openHome>>;

/** Devices, people, and what they say. */
function createTalkResources({ db, profiles, now, report, findApiBase }: Parts, home: Home) {
  return [
    createDeviceResource({ db, now }),
    createTokenResource({ findApiBase, now }),
    createActionResource(db, now),
    createOutboxResource(db, now),
    createDeliveryResource({ db, deliveries: home.deliveries, now }),
    createInboxResource(now, report),
    createPeopleResource({ ...home, db, profiles, now }),
    createPresenceResource(now),
  ];
}

async function serve(config: Config, parts: Parts, onClose: OnClose) {
  const { now, db, log, store, report } = parts;
  const home = await openHome(config, parts, onClose);
  const { tenant, space, crdt, wake: wakeHome } = home;
  const { collection, resources, quota } = await openStorage(config, parts, onClose);
  const listening = await listen(config);
  const wake = async () => void (await Promise.all([wakeHome(), collection.wake(), listening.renew()]));
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
    open: [createMe({ db, apiBase: origins.api, appHost: config.appHost, now })],
    resources: [
      ...createTalkResources(parts, home),
      ...(await openFileResources(config, { ...parts, quota }, onClose)),
      ...resources,
    ],
    serveApp: await createStatic(config.distDir, origins),
  });
  const gate = {
    findTenant,
    findSpace: () => space,
    findCrdt: () => crdt,
    trustProxy,
    appOrigin: origins.app,
  };
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
