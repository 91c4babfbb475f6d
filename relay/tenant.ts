import type { Random } from '../shared/bytes.ts';
import type { IdTag } from '../shared/identity/id-tag.ts';
import { type Access, createAccess, readSpaceLevel } from './identity/access.ts';
import { createDevices, type Devices } from './identity/devices.ts';
import { createGuests, type Guests } from './identity/guests.ts';
import { type NodeKeys, openNodeKeys } from './identity/node-keys.ts';
import type { Profiles } from './identity/profiles.ts';
import type { SafeFetch } from './identity/safe-fetch.ts';
import type { Sealer } from './identity/secret.ts';
import type { Trust } from './identity/trust.ts';
import { createVisits, type Visits } from './identity/visits.ts';
import { createWays, type Ways } from './identity/ways-in.ts';
import type { Changes } from './inbox/changes.ts';
import type { Portraits } from './inbox/portraits.ts';
import { createReadProof, type ReadProof } from './inbox/proof.ts';
import { createTalk, type Talk, type TalkParts } from './inbox/talk.ts';
import type { Database } from './store/database.ts';

/** One identity of this relay: keys, devices, and what it says and hears. */
export interface Identity {
  readonly idTag: IdTag;
  /** As it is told to others. */
  readonly shown: { readonly idTag: IdTag; readonly name: string; readonly type: 'person' | 'community' };
  readonly keys: NodeKeys;
  readonly devices: Devices;
  readonly access: Access;
  /** Passwords and passkeys. */
  readonly ways: Ways;
  /** Neighbours that come to us. */
  readonly guests: Guests;
  /** The identity at its neighbours. */
  readonly visits: Visits;
  readonly talk: Talk;
  readonly readProof: ReadProof;
  /** Tells the identity's connected devices that something changed. */
  readonly wake: (topic: 'actions' | 'devices') => void;
  /** Ends the connections of devices whose access has ended. */
  readonly closeDevices: (dids: readonly string[]) => void;
}

/** An identity as requests see it: with everything that is its own. Whoever asks finds it in `ctx.state.tenant`. */
export interface Tenant extends Identity {
  readonly trust: Trust;
  readonly changes: Changes;
  readonly portraits: Portraits;
  /** How the identity stands to this neighbour is otherwise: somebody was blocked, or is not any more. */
  readonly standingChanged: (neighbour: IdTag) => void;
}

/** The identity that was addressed, and at which of its hosts: the app's, its own name (`name`), or its API's. */
export interface Addressed {
  readonly tenant: Tenant;
  readonly place: 'app' | 'name' | 'api';
}

/** Host name, as `hostname` gives it → identity. */
export type FindTenant = (host: string) => Addressed | undefined;

/** Lower case, without port. */
export function hostname(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

export interface IdentityParts extends Omit<TalkParts, 'keys' | 'devices' | 'changed'> {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly identityType: Identity['shown']['type'];
  readonly accessSecret: Uint8Array;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fetch: SafeFetch;
  readonly profiles: Profiles;
  readonly wake: Identity['wake'];
  readonly closeDevices: Identity['closeDevices'];
}

/** Opens an identity; its keys are made when the store has none. */
export async function openIdentity(idTag: IdTag, parts: IdentityParts): Promise<Identity> {
  const { db, random, now, accessSecret, fetch, profiles, verify, wake, closeDevices } = parts;
  const keys = await openNodeKeys(idTag, parts);
  const devices = createDevices({ db, keys, random, now });
  const access = createAccess({ db, keys, devices, secret: accessSecret, now });
  const visits = createVisits({ keys, fetch, random, now });
  return {
    idTag,
    shown: { idTag, name: keys.name, type: parts.identityType },
    keys,
    devices,
    access,
    ways: createWays({ db, idTag, devices, secret: accessSecret, random, now }),
    guests: createGuests({
      ...{ db, idTag, secret: accessSecret, sealer: parts.sealer, now, verifyAction: verify },
      verifyDevice: async (token) => readSpaceLevel((await access.verify(token)).grant),
    }),
    visits,
    talk: createTalk({ ...parts, keys, devices, changed: () => wake('actions') }),
    readProof: createReadProof({ db, idTag, devices, profiles, fetch, visits, now }),
    wake,
    closeDevices,
  };
}
