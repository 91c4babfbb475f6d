import { IsletError } from '../shared/errors.ts';
import { apiHost, type IdTag, parseIdTag } from '../shared/identity/id-tag.ts';
import type { Config } from './config.ts';
import { type Deliveries, openDeliveries } from './delivery/deliveries.ts';
import { openHome, type Home, type HomeParts } from './home.ts';
import { createLock } from './identity/lock.ts';
import { forgetOwnPort, writeOwnPort } from './identity/neighbours.ts';
import { createAttachments } from './inbox/attachments.ts';
import { createRelatedOf } from './inbox/related-of.ts';
import type { OnClose, Parts } from './parts.ts';
import { listIdentities } from './store/identities.ts';
import type { Addressed, Tenant } from './tenant.ts';
import { signSigningInput } from '../shared/token/compact.ts';

/** All identities of a relay, as they come and go while it runs. */
export interface Homes {
  /** The identity that the relay was started for. */
  readonly base: Home;
  readonly deliveries: Deliveries;
  /** By host name, as `hostname` gives it. */
  findTenant(host: string): Addressed | undefined;
  /** @throws IsletError E-CORE-HOST */
  read(idTag: string): Home;
  has(idTag: string): boolean;
  list(): readonly Home[];
  /** Opens an identity, which is made when it is not there. @throws what the store throws */
  open(idTag: IdTag, type: Tenant['shown']['type']): Promise<Home>;
  /** Opens it again from what is stored now; begun anew when nothing is. Its connections end. @throws IsletError E-CORE-HOST */
  reopen(idTag: IdTag): Promise<Home>;
  /** Ends all that is under way for it. What it has stored stays, and it is open again after the next start. The base stays open. */
  closeTenant(idTag: IdTag): Promise<void>;
  /** Browsers and neighbours reach the relay at this port from now on. */
  listening(port: number): Promise<void>;
  wake(): Promise<void>;
  /** Sockets are told first, before the listening ends. */
  closeSockets(): void;
}

/** Opens the base identity and every other that is stored here. */
export async function openHomes(config: Config, parts: Parts, onClose: OnClose): Promise<Homes> {
  const open = new Map<string, Home>();
  const changed = (idTag: string) => open.get(idTag)?.space.wake('actions');
  const background = await openBackground(open, { ...parts, changed }, onClose);
  // What is under way is cut off first, so that stopping never waits for a slow neighbour.
  onClose(async () => {
    const closing = [...open.values()].map((home) => home.close());
    await Promise.all([parts.fetch.close(), ...closing]);
  });
  const register = createRegister(config, { ...parts, ...background }, open);
  await register.open(config.idTag, config.identityType);
  for (const { id_tag, type } of await listIdentities(parts.db))
    // One that cannot be opened keeps none of the others from being there.
    if (id_tag !== config.idTag) await register.open(parseIdTag(id_tag), type).catch(parts.report);
  return register;
}

/** What goes out and what is fetched, for all identities together: a neighbour has one lane, whoever has to do with it. */
async function openBackground(
  open: ReadonlyMap<string, Home>,
  parts: Parts & { changed: (idTag: string) => void },
  onClose: OnClose,
) {
  const deliveries = await openDeliveries({
    ...{ ...parts, tried: parts.metrics.delivered },
    sign: async (idTag, k, signingInput) => {
      const home = open.get(idTag);
      if (!home) throw new Error(`the keys of ${idTag} are not here`);
      return signSigningInput(signingInput, home.tenant.keys.signAs(k));
    },
    relatedOf: createRelatedOf(parts.db),
  });
  /** Files of some neighbours are for their contacts only. */
  const askAs = (idTag: string) => open.get(idTag)?.tenant.visits.askOpenly ?? parts.fetch;
  const attachments = createAttachments({ ...parts, askAs });
  const renewAll = async (blob: string) => {
    const portraits = [...open.values()].map(({ tenant }) => tenant.portraits.renew(blob));
    await Promise.all([attachments.renew(blob), ...portraits]);
  };
  parts.healing.start = (blob) => void renewAll(blob).catch(parts.report);
  onClose(async () => void (await Promise.all([deliveries.close(), attachments.close()])));
  return { deliveries, attachments };
}

/** Which host is whose. */
function createHosts({ appHost, idTag: base }: Config) {
  const hosts = new Map<string, Addressed>();
  return {
    find: (host: string) => hosts.get(host),
    remove(tenant: Tenant) {
      for (const [host, known] of [...hosts]) if (known.tenant === tenant) hosts.delete(host);
    },
    add(tenant: Tenant) {
      const { idTag } = tenant;
      hosts.set(apiHost(idTag), { tenant, place: 'api' });
      hosts.set(idTag, { tenant, place: idTag === appHost ? 'app' : 'name' });
      const isFree = !hosts.has(appHost) || hosts.get(appHost)?.tenant.idTag === base;
      if (idTag === base && isFree) hosts.set(appHost, { tenant, place: 'app' });
    },
  };
}

function createRegister(config: Config, parts: HomeParts, open: Map<string, Home>): Homes {
  const { neighboursFolder: folder, local } = config;
  const hosts = createHosts(config);
  const lock = createLock();
  let port: number | undefined;
  const tellPort = async (idTag: IdTag) => {
    if (local && port !== undefined) await writeOwnPort(folder, idTag, port);
  };
  const read = (idTag: string): Home => {
    const home = open.get(idTag);
    if (!home) throw new IsletError('E-CORE-HOST', `${idTag} is not an identity of this relay`, idTag);
    return home;
  };
  const begin = async (idTag: IdTag, type: Tenant['shown']['type']): Promise<Home> => {
    const home = await openHome(idTag, type, parts);
    open.set(idTag, home);
    hosts.add(home.tenant);
    await tellPort(idTag);
    return home;
  };
  const end = async (home: Home): Promise<void> => {
    open.delete(home.tenant.idTag);
    hosts.remove(home.tenant);
    await home.close();
  };
  return {
    get base() {
      return read(config.idTag);
    },
    deliveries: parts.deliveries,
    findTenant: hosts.find,
    read,
    has: (idTag) => open.has(idTag),
    list: () => [...open.values()],
    open: (idTag, type) => lock(async () => open.get(idTag) ?? begin(idTag, type)),
    reopen: (idTag) =>
      lock(async () => {
        const home = read(idTag);
        await end(home);
        return begin(idTag, home.tenant.shown.type);
      }),
    closeTenant: (idTag) =>
      lock(async () => {
        if (idTag === config.idTag)
          throw new IsletError('E-AUTH-NOPERM', 'the relay was started for this identity', idTag);
        await end(read(idTag));
        if (local) await forgetOwnPort(folder, idTag);
      }),
    async listening(at) {
      port = at;
      await Promise.all([...open.values()].map(({ tenant }) => tellPort(tenant.idTag)));
    },
    async wake() {
      const { deliveries, attachments, check } = parts;
      const homes = [...open.values()].map((home) =>
        home.tenant.idTag === config.idTag ? home.wake() : home.wake().catch(parts.report),
      );
      await Promise.all([deliveries.wakeAll(), attachments.wakeAll(), check.wake(), ...homes]);
    },
    closeSockets: () => [...open.values()].forEach(({ space }) => void space.close()),
  };
}
