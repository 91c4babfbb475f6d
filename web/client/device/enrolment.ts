import * as v from 'valibot';
import type { Random } from '../../../shared/bytes.ts';
import { type Capability, everything } from '../../../shared/device/capability.ts';
import {
  appendLogEntry,
  continuesPinned,
  type DeviceDescription,
  type DeviceLog,
  findDevice,
  isOrdered,
  type LogOperation,
  type OrderName,
  signLogEntry,
  verifyDeviceLog,
} from '../../../shared/device/device-log.ts';
import {
  createLinkConfirmation,
  createLinkRequest,
  type DeviceLink,
  isLinkConfirmation,
  isLinkRequest,
} from '../../../shared/device/link.ts';
import { codeLifetime, codeToLink, createCode } from '../../../shared/device/pairing.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type Profile, profileSchema } from '../../../shared/identity/key-set.ts';
import {
  deviceLogSchema,
  enrolledSchema,
  linkStateSchema,
  relaySchema,
  routes,
  waitingLinksSchema,
} from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi, RelayUnreachable, segment } from '../relay/relay-api.ts';
import type { DeviceKeys, KeyStore, Membership } from './key-store.ts';

export interface EnrolmentOptions {
  store: KeyStore;
  /** Origin that serves the app and knows the identity's API base. */
  appOrigin: string;
  deviceName: string;
  kind?: DeviceDescription['kind'];
  /** The keys are left under the link; now somebody is to look at both devices. */
  onAsked?: (link: DeviceLink, device: DeviceDescription) => void | Promise<void>;
  /** Of which identity; that of the app when it is not said. */
  idTag?: IdTag | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

type Entries = v.InferOutput<typeof deviceLogSchema>['entries'];

/** Where an identity answers, and what it says of itself. */
export interface Home {
  readonly apiBase: string;
  readonly profile: Profile;
}

const nothing = v.optional(v.nullable(v.unknown()));

/** This browser as it asks to be let in. */
export function describe(
  keys: DeviceKeys,
  { deviceName, kind }: Pick<EnrolmentOptions, 'deviceName' | 'kind'>,
): DeviceDescription {
  return { did: keys.did, jwk: keys.jwk, ecdh: keys.ecdh, name: deviceName, ...(kind && { kind }) };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Where the identity of this app is, and what it says of itself: asked before anything is used up. */
export async function readHome(appOrigin: string, idTag?: IdTag): Promise<Home> {
  const path = idTag === undefined ? routes.relay : `${routes.relay}?idTag=${idTag}`;
  const { apiBase } = await createRelayApi(appOrigin).get(path, relaySchema);
  return { apiBase, profile: await createRelayApi(apiBase).get(routes.me, profileSchema) };
}

/** The home of the identity that is wanted, when one is: a relay that speaks of another is not believed. @throws IsletError E-LINK-UNKNOWN */
export async function readWantedHome({
  appOrigin,
  idTag,
}: Pick<EnrolmentOptions, 'appOrigin' | 'idTag'>): Promise<Home> {
  const home = await readHome(appOrigin, idTag);
  if (idTag === undefined || home.profile.idTag === idTag) return home;
  throw new IsletError('E-LINK-UNKNOWN', `this relay speaks of ${home.profile.idTag}`, home.profile.idTag);
}

/** Keeps what this browser speaks for from now on. @throws IsletError E-SETUP-USED when another tab has joined another identity */
export async function joinIdentity(
  store: KeyStore,
  home: Home,
  answer: { delegation: string; entries: Entries },
): Promise<Membership> {
  const { name, keys, idTag } = home.profile;
  const entries = answer.entries.map(({ entry }) => entry);
  const delegations = [answer.delegation];
  const membership: Membership = {
    id: 'identity',
    idTag,
    name,
    apiBase: home.apiBase,
    delegations,
    entries,
    keys,
  };
  await store.writeMembership(membership);
  return membership;
}

/**
 * The first device: signs the first entry of the device log under the one-time setup link (SPEC P1).
 * @throws IsletError E-SETUP-USED, E-SETUP-UNKNOWN; RelayUnreachable
 */
export async function enrolFirst(setup: string, options: EnrolmentOptions): Promise<Membership> {
  const { store, now } = options;
  const keys = await store.deviceKeys();
  const home = await readWantedHome(options);
  const { idTag } = home.profile;
  const op = { t: 'add' as const, device: describe(keys, options), cap: [...everything] };
  const said = { iss: idTag, iat: toSeconds(now()), by: keys.did, op };
  const entry = await signLogEntry(undefined, said, keys.sign);
  const answer = await createRelayApi(home.apiBase).post(routes.enrol, { setup, entry }, enrolledSchema);
  const log = await verifyDeviceLog(
    idTag,
    answer.entries.map(({ entry: signed }) => signed),
  );
  if (!findDevice(log, keys.did))
    throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
  return joinIdentity(store, home, answer);
}

/**
 * A further device: leaves its keys under the link, and waits until a device that may enrol has signed for it (SPEC P2, P3).
 * `wait` is awaited between two looks and may reject to give up.
 * @throws IsletError E-LINK-USED, E-LINK-EXPIRED, E-LINK-UNKNOWN; RelayUnreachable
 */
export async function enrolByLink(
  link: DeviceLink,
  options: EnrolmentOptions,
  wait: () => Promise<void>,
): Promise<Membership> {
  const { store } = options;
  const keys = await store.deviceKeys();
  const home = await readWantedHome(options);
  const api = createRelayApi(home.apiBase);
  const device = describe(keys, options);
  const request = await createLinkRequest(link, device);
  await api.post(`${routes.links}${segment(link.id)}/request`, request, nothing);
  await options.onAsked?.(link, device);
  return awaitApproval({ link, keys, store, home }, wait);
}

/** Looks until a device that is in has signed for this one (SPEC P3). @throws IsletError E-LINK-EXPIRED, E-LOG-INVALID; RelayUnreachable */
export async function awaitApproval(
  asked: { link: DeviceLink; keys: DeviceKeys; store: KeyStore; home: Home },
  wait: () => Promise<void>,
): Promise<Membership> {
  const { link, keys, store, home } = asked;
  const api = createRelayApi(home.apiBase);
  for (;;) {
    const state = await lookAgainLater(() => api.get(routes.links + segment(link.id), linkStateSchema));
    if (state?.state === 'expired')
      throw new IsletError('E-LINK-EXPIRED', 'the code has expired, or was refused on the other device');
    if (state?.state === 'enrolled') {
      const log = await verifyDeviceLog(
        home.profile.idTag,
        state.entries.map(({ entry }) => entry),
      );
      const head = findDevice(log, keys.did)?.entry;
      if (!head || !(await isLinkConfirmation(link, head, state.confirmation)))
        throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
      return joinIdentity(store, home, state);
    }
    await wait();
  }
}

/** A relay that is away for a moment ends no waiting. */
async function lookAgainLater<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RelayUnreachable) return undefined;
    throw error;
  }
}

/** What the device that is in decides about a new one. `until` in seconds. */
export interface Grant {
  readonly name: string;
  readonly cap: readonly Capability[];
  readonly until?: number | undefined;
}

/** What an enrolled device does for others. */
export interface Doorkeeper {
  /** A code that another device types or scans (SPEC P4), announced at the relay. `expiresAt` in seconds. */
  createCode(): Promise<{ code: string; link: DeviceLink; expiresAt: number }>;
  /** The device that asked under this link, once it did and its MAC is right. */
  readRequest(link: DeviceLink): Promise<DeviceDescription | undefined>;
  /** Signs the entry for it. @throws IsletError E-VERIFY-NEEDED, E-LINK-USED, E-LINK-EXPIRED */
  approve(link: DeviceLink, device: DeviceDescription, grant: Grant): Promise<void>;
  /** Nobody comes in by this link. */
  refuse(link: DeviceLink): Promise<void>;
  /** Enters something that this device says into the log. */
  enter(op: LogOperation): Promise<void>;
  remove(did: DeviceDescription['did']): Promise<void>;
  /** Gives a standing order to the relay, or withdraws it (SPEC L8). */
  setOrder(order: OrderName, on: boolean): Promise<void>;
  /** The log as the relay has it, verified and compared with the pinned one. */
  readLog(): Promise<DeviceLog>;
}

interface DoorkeeperOptions {
  api: RelayApi;
  keys: DeviceKeys;
  store: KeyStore;
  now: () => number;
  random: Random;
}

export function createDoorkeeper({ api, keys, store, now, random }: DoorkeeperOptions): Doorkeeper {
  async function readLog(): Promise<DeviceLog> {
    const membership = await store.membership();
    if (!membership) throw new IsletError('E-AUTH-UNAUTH', 'this browser is not enrolled');
    const { entries } = await api.get(routes.deviceLog, deviceLogSchema);
    const texts = entries.map(({ entry }) => entry);
    const log = await verifyDeviceLog(membership.idTag, texts);
    const pinned = await verifyDeviceLog(membership.idTag, membership.entries);
    if (!continuesPinned(log, pinned))
      throw new IsletError('E-LOG-FORK', 'the relay shows another device log than before');
    if (log.length > pinned.length) await store.changeMembership({ entries: texts });
    return log;
  }

  async function append(entry: string, link?: { id: string; confirmation: string }): Promise<void> {
    await api.post(routes.deviceLog, { entry, link }, nothing);
    await readLog();
  }

  async function enter(op: LogOperation): Promise<void> {
    const log = await readLog();
    await append(
      await signLogEntry(log, { iss: log.idTag, iat: toSeconds(now()), by: keys.did, op }, keys.sign),
    );
  }

  return {
    readLog,
    createCode: async () => {
      const code = createCode(random);
      const link = await codeToLink(code);
      const expiresAt = toSeconds(now()) + codeLifetime;
      await api.post(routes.links, { id: link.id, expiresAt }, nothing);
      return { code, link, expiresAt };
    },
    readRequest: async (link) => {
      const { links } = await api.get(routes.links, waitingLinksSchema);
      const request = links.find(({ id }) => id === link.id)?.request;
      if (!request) return undefined;
      if (!(await isLinkRequest(link, request)))
        throw new IsletError(
          'E-LINK-UNKNOWN',
          'the keys under this link were changed on the way: do not let it in',
        );
      return request.device;
    },
    approve: async (link, device, { name, cap, until }) => {
      const log = await readLog();
      // Who is in for a time lets nobody in for longer (SPEC L3).
      const end = Math.min(until ?? Infinity, findDevice(log, keys.did)?.until ?? Infinity);
      const added = { device: { ...device, name }, cap: [...cap], ...(end < Infinity && { until: end }) };
      const op = { t: 'add' as const, ...added };
      const entry = await signLogEntry(
        log,
        { iss: log.idTag, iat: toSeconds(now()), by: keys.did, op },
        keys.sign,
      );
      const { head } = await appendLogEntry(log.idTag, log, entry);
      await append(entry, { id: link.id, confirmation: await createLinkConfirmation(link, head) });
    },
    refuse: async (link) => void (await api.remove(routes.links + segment(link.id))),
    enter,
    remove: (did) => enter({ t: 'remove', did }),
    setOrder: async (order, on) => {
      if (isOrdered(await readLog(), order, toSeconds(now())) !== on) await enter({ t: 'order', order, on });
    },
  };
}
