import type { IsletError } from '../shared/errors.ts';
import { type IdTag, parseIdTag } from '../shared/identity/id-tag.ts';
import { type Archives, openArchives } from './archive/archives.ts';
import { freeUnclaimed, type UnclaimedParts } from './archive/unclaimed.ts';
import type { Config } from './config.ts';
import type { Quota } from './files/quota.ts';
import type { Homes } from './homes.ts';
import { createArchiveResource } from './http/archives.ts';
import type { Resource } from './http/context.ts';
import { createMovedResource, refusalOf } from './http/moved.ts';
import type { OnClose, Parts } from './parts.ts';
import { endName } from './store/names.ts';

export interface ArchivingParts extends Parts {
  readonly homes: Homes;
  readonly quota: Quota;
}

export interface Archiving {
  /** They stand before all others: what has moved answers nothing else. */
  readonly resources: readonly Resource[];
  /** For sockets. @throws IsletError E-CORE-MOVED, E-SYS-UNAVAIL when the identity takes nothing here */
  readonly findTenant: Homes['findTenant'];
  /** Why an identity takes nothing here; undefined while it does. */
  readonly refusalOf: (idTag: IdTag) => IsletError | undefined;
  wake(): Promise<void>;
}

/** Identities that come from other relays, go there, and end. */
export async function openArchiving(
  config: Config,
  parts: ArchivingParts,
  onClose: OnClose,
): Promise<Archiving> {
  const { homes, now } = parts;
  const { privateDir, publicDir } = config;
  const archives: Archives = await openArchives({
    ...parts,
    privateDir,
    publicDir,
    openings: openingsOf(config, parts),
  });
  onClose(() => archives.close());
  const unclaimed: UnclaimedParts = {
    ...parts,
    end: async (idTag) => {
      if (homes.has(idTag)) await homes.closeTenant(parseIdTag(idTag));
    },
    begin: async ({ idTag, type }) => void (await homes.open(parseIdTag(idTag), type)),
  };
  return {
    resources: [createMovedResource(archives.moves), createArchiveResource(archives, now)],
    refusalOf: (idTag) => refusalOf(archives.moves, idTag),
    findTenant(host) {
      const addressed = homes.findTenant(host);
      const refusal = addressed && refusalOf(archives.moves, addressed.tenant.idTag);
      if (refusal) throw refusal;
      return addressed;
    },
    wake: async () => {
      await archives.wake();
      await freeUnclaimed(unclaimed);
    },
  };
}

/** The base identity is never closed: when it is deleted, an empty one of its name takes its place. */
function openingsOf({ idTag: base }: Config, { homes, db, now }: ArchivingParts) {
  const reopen = async (idTag: string) => {
    const home = await homes.reopen(homes.read(idTag).tenant.idTag);
    await home.wake();
  };
  return {
    keysOf: (idTag: string) => homes.read(idTag).tenant.keys,
    reopen,
    end: async (idTag: string) => {
      if (idTag !== base) await homes.closeTenant(homes.read(idTag).tenant.idTag);
    },
    ended: async (idTag: string) => {
      if (idTag === base) await reopen(idTag);
      else await endName(db, idTag, now());
    },
    speak: () => homes.wake(),
  };
}
