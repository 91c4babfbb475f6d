import type { Config } from './config.ts';
import type { Homes } from './homes.ts';
import { createActionResource } from './http/actions.ts';
import { createChangedResource } from './http/changed.ts';
import type { Resource } from './http/context.ts';
import { createDeliveryResource } from './http/deliveries.ts';
import { createDeviceResource } from './http/devices.ts';
import { createDidResource } from './http/did.ts';
import { createFolderResource } from './http/folders.ts';
import { createHistoryResource } from './http/history.ts';
import { createInboxResource } from './http/inbox.ts';
import { createKeyResource } from './http/keys.ts';
import { createLinkedResource } from './http/linked.ts';
import { createMe } from './http/me.ts';
import { createOutboxResource } from './http/outbox.ts';
import { createPairingResource } from './http/pairing.ts';
import { createPeopleResource } from './http/people.ts';
import { createPresenceResource } from './http/presence.ts';
import { createRestoreResource } from './http/restore.ts';
import type { Shown } from './http/shown.ts';
import { createTokenResource } from './http/token.ts';
import { createWatchResource } from './http/watch.ts';
import { createWaysResource } from './http/ways-in.ts';
import type { createNaming } from './naming.ts';
import type { Origins } from './origins.ts';
import type { Parts } from './parts.ts';

type Naming = ReturnType<typeof createNaming>;

export interface ResourceParts extends Parts {
  readonly config: Config;
  readonly homes: Homes;
  readonly origins: Origins;
  readonly naming: Naming;
  readonly shown: Shown;
}

/** What every host of an identity answers: the app's, its bare name (place `name`) and its API's. */
export function createOpenResources(parts: ResourceParts): Resource[] {
  const { db, now, config, homes, origins, linked, shown } = parts;
  const findTenant = (idTag: string) => homes.read(idTag).tenant;
  const { appHost } = config;
  return [
    createMe({ shown, findTenant, apiOf: origins.apiOf, appHost, now }),
    createDidResource({ db, linked, appHost, now }),
  ];
}

/**
 * What the API host of every identity answers, beside files and storage. A resource finds who was addressed in `ctx.state.tenant`
 * and serves all identities; a new one gets a line here.
 */
export function createResources(parts: ResourceParts): Resource[] {
  const { db, now, findApiBase, homes } = parts;
  return [
    createDeviceResource({ db, now }),
    createTokenResource({ findApiBase, limits: parts.limits, now }),
    createPairingResource({ db, now }),
    createWaysResource({ appOrigin: parts.origins.app, now }),
    createActionResource(db, now),
    createOutboxResource(db, now),
    createHistoryResource({ db, spaceOf: (idTag) => homes.read(idTag).space, now }),
    createFolderResource({ folders: (idTag) => homes.read(idTag).space.folders, now }),
    createDeliveryResource({ db, deliveries: homes.deliveries, now }),
    createInboxResource({ ...parts, register: parts.naming.register }),
    createPeopleResource({ db, profiles: parts.profiles, now }),
    createPresenceResource(now),
    createKeyResource({ db, appOrigin: parts.origins.app, apiOf: parts.origins.apiOf, now }),
    createLinkedResource(parts),
    createChangedResource(now),
    ...parts.naming.resources,
    createWatchResource(db, now),
    createRestoreResource(parts),
  ];
}
