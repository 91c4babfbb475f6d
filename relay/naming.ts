import { type IdTag } from '../shared/identity/id-tag.ts';
import type { Config } from './config.ts';
import type { Homes } from './homes.ts';
import { createIdpResource, createRegister } from './http/idp.ts';
import { createNameResource, createReachResource, openNew } from './http/names.ts';
import { createAddressCheck } from './identity/addresses.ts';
import { createNameChecks } from './identity/name-check.ts';
import { createNames } from './identity/names.ts';
import type { Origins } from './origins.ts';
import type { Parts } from './parts.ts';

export interface NamingParts extends Parts {
  readonly config: Config;
  readonly homes: Homes;
  readonly origins: Origins;
}

/** Names that this relay gives, and who asks for them. */
export function createNaming(parts: NamingParts) {
  const { config, homes, origins, db } = parts;
  const { idTag: base, registration } = config;
  const isAllowed = createAddressCheck(config.privateAddresses);
  const checks = createNameChecks({ ...parts, base, appHost: config.appHost, isAllowed });
  const names = createNames({ ...parts, domain: base, appHost: config.appHost, registration });
  const open = async (idTag: IdTag, type: 'person' | 'community') => (await homes.open(idTag, type)).tenant;
  const common = { ...parts, db, base, names, checks };
  const idp = {
    ...common,
    trustProxy: config.mode === 'proxy',
    openNew: async (idTag: IdTag) =>
      `${origins.app}/setup#${await openNew({ idTag, type: 'person' }, { open })}&${idTag}`,
  };
  return {
    register: createRegister(idp),
    anywhere: [createReachResource({ checks, isServed: (host) => homes.findTenant(host) !== undefined })],
    resources: [createNameResource({ ...common, registration, open }), createIdpResource(idp)],
  };
}
