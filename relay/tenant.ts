import type { Random } from '../shared/bytes.ts';
import type { IdTag } from '../shared/identity/id-tag.ts';
import { type Access, createAccess } from './identity/access.ts';
import { createDevices, type Devices } from './identity/devices.ts';
import { createLock } from './identity/lock.ts';
import { type NodeKeys, openNodeKeys } from './identity/node-keys.ts';
import type { Profiles } from './identity/profiles.ts';
import type { SafeFetch } from './identity/safe-fetch.ts';
import type { Sealer } from './identity/secret.ts';
import { type Accept, createAccept } from './inbox/accept.ts';
import type { Verify } from './inbox/keys.ts';
import { createReadProof, type ReadProof } from './inbox/proof.ts';
import { createSubmit, type Submit } from './inbox/submit.ts';
import type { Database } from './store/database.ts';

/** One identity of this relay, with everything that is its own. */
export interface Tenant {
  readonly idTag: IdTag;
  readonly keys: NodeKeys;
  readonly devices: Devices;
  readonly access: Access;
  readonly submit: Submit;
  readonly accept: Accept;
  readonly readProof: ReadProof;
  /** Tells the identity's connected devices that something changed. */
  readonly wake: (topic: 'actions' | 'devices') => void;
  /** Ends the connections of devices whose access has ended. */
  readonly closeDevices: (dids: readonly string[]) => void;
}

/** The identity that was addressed, and at which of its two hosts. */
export interface Addressed {
  readonly tenant: Tenant;
  readonly place: 'app' | 'api';
}

/** Host name, as `hostname` gives it → identity. */
export type FindTenant = (host: string) => Addressed | undefined;

/** Lower case, without port. */
export function hostname(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

export interface TenantParts {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly accessSecret: Uint8Array;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fetch: SafeFetch;
  readonly profiles: Profiles;
  readonly verify: Verify;
  readonly queued: (neighbours: readonly IdTag[]) => void;
  readonly accepted: (iss: IdTag) => void;
  readonly wake: Tenant['wake'];
  readonly closeDevices: Tenant['closeDevices'];
}

/** Opens an identity; its keys are made when the store has none. */
export async function openTenant(idTag: IdTag, parts: TenantParts): Promise<Tenant> {
  const { db, random, now, accessSecret, fetch, profiles, verify, wake, closeDevices } = parts;
  const keys = await openNodeKeys(idTag, parts);
  const devices = createDevices({ db, keys, random, now });
  const lock = createLock();
  const changed = () => wake('actions');
  const accepted = (iss: IdTag) => {
    changed();
    parts.accepted(iss);
  };
  return {
    idTag,
    keys,
    devices,
    access: createAccess({ db, keys, devices, secret: accessSecret, now }),
    submit: createSubmit({ db, keys, devices, lock, now, queued: parts.queued, changed }),
    accept: createAccept({ db, idTag, verify, lock, now, accepted }),
    readProof: createReadProof({ db, idTag, devices, profiles, fetch, now }),
    wake,
    closeDevices,
  };
}
