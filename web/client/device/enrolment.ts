import * as v from 'valibot';
import type { Random } from '../../../shared/bytes.ts';
import { everything } from '../../../shared/device/capability.ts';
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
  createLink,
  createLinkConfirmation,
  createLinkRequest,
  type DeviceLink,
  isLinkConfirmation,
  isLinkRequest,
  linkLifetime,
} from '../../../shared/device/link.ts';
import { IsletError } from '../../../shared/errors.ts';
import { type Profile, profileSchema } from '../../../shared/identity/key-set.ts';
import {
  deviceLogSchema,
  enrolledSchema,
  linkStateSchema,
  relaySchema,
  routes,
  waitingLinksSchema,
} from '../../../shared/routes.ts';
import { createRelayApi, type RelayApi, segment } from '../relay/relay-api.ts';
import type { DeviceKeys, KeyStore, Membership } from './key-store.ts';

interface EnrolmentOptions {
  store: KeyStore;
  /** Origin that serves the app and knows the identity's API base. */
  appOrigin: string;
  deviceName: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

type Entries = v.InferOutput<typeof deviceLogSchema>['entries'];

const nothing = v.optional(v.nullable(v.unknown()));

function describe(keys: DeviceKeys, name: string): DeviceDescription {
  return { did: keys.did, jwk: keys.jwk, ecdh: keys.ecdh, name };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Where the identity of this app is, and what it says of itself: asked before anything is used up. */
async function readHome(appOrigin: string): Promise<{ apiBase: string; profile: Profile }> {
  const { apiBase } = await createRelayApi(appOrigin).get(routes.relay, relaySchema);
  return { apiBase, profile: await createRelayApi(apiBase).get(routes.me, profileSchema) };
}

async function join(
  store: KeyStore,
  home: { apiBase: string; profile: Profile },
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
  const { store, appOrigin, deviceName, now } = options;
  const keys = await store.deviceKeys();
  const home = await readHome(appOrigin);
  const { idTag } = home.profile;
  const op = { t: 'add' as const, device: describe(keys, deviceName), cap: [...everything] };
  const said = { iss: idTag, iat: toSeconds(now()), by: keys.did, op };
  const entry = await signLogEntry(undefined, said, keys.sign);
  const answer = await createRelayApi(home.apiBase).post(routes.enrol, { setup, entry }, enrolledSchema);
  const log = await verifyDeviceLog(
    idTag,
    answer.entries.map(({ entry: signed }) => signed),
  );
  if (!findDevice(log, keys.did))
    throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
  return join(store, home, answer);
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
  const { store, appOrigin, deviceName } = options;
  const keys = await store.deviceKeys();
  const home = await readHome(appOrigin);
  const api = createRelayApi(home.apiBase);
  const path = routes.links + segment(link.id);
  await api.post(`${path}/request`, await createLinkRequest(link, describe(keys, deviceName)), nothing);
  for (;;) {
    const state = await api.get(path, linkStateSchema);
    if (state.state === 'expired') throw new IsletError('E-LINK-EXPIRED', 'the link has expired');
    if (state.state === 'enrolled') {
      const log = await verifyDeviceLog(
        home.profile.idTag,
        state.entries.map(({ entry }) => entry),
      );
      const head = findDevice(log, keys.did)?.entry;
      if (!head || !(await isLinkConfirmation(link, head, state.confirmation)))
        throw new IsletError('E-LOG-INVALID', 'the relay answered with another device log');
      return join(store, home, state);
    }
    await wait();
  }
}

/** What an enrolled device does for others. */
export interface Doorkeeper {
  /** Announces a link at the relay. `expiresAt` in seconds. */
  createLink(): Promise<{ link: DeviceLink; expiresAt: number }>;
  /** The device that asked under this link, once it did and its MAC is right. */
  readRequest(link: DeviceLink): Promise<DeviceDescription | undefined>;
  /** Signs the entry for it. */
  approve(link: DeviceLink, device: DeviceDescription): Promise<void>;
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
    if (log.length > pinned.length) await store.writeMembership({ ...membership, entries: texts });
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
    createLink: async () => {
      const link = createLink(random);
      const expiresAt = toSeconds(now()) + linkLifetime;
      await api.post(routes.links, { id: link.id, expiresAt }, nothing);
      return { link, expiresAt };
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
    approve: async (link, device) => {
      const log = await readLog();
      const op = { t: 'add' as const, device, cap: [...everything] };
      const entry = await signLogEntry(
        log,
        { iss: log.idTag, iat: toSeconds(now()), by: keys.did, op },
        keys.sign,
      );
      const { head } = await appendLogEntry(log.idTag, log, entry);
      await append(entry, { id: link.id, confirmation: await createLinkConfirmation(link, head) });
    },
    remove: (did) => enter({ t: 'remove', did }),
    setOrder: async (order, on) => {
      if (isOrdered(await readLog(), order, toSeconds(now())) !== on) await enter({ t: 'order', order, on });
    },
  };
}
