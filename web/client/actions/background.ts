import type { Random } from '../../../shared/bytes.ts';
import { createAccess } from '../device/access.ts';
import { openKeyStore } from '../device/key-store.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { type SpaceId, storageName } from '../spaces.ts';
import { openDatabase } from '../store/database.ts';
import { flushOutbox } from './flush.ts';

/** Name of the one-off background sync that sends the outbox of a space when the network is back, in front of it the space. */
export const backgroundTag = 'islet-outbox';

interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

interface SyncRegistration {
  sync: { register(tag: string): Promise<void> };
}

function canSync(registration: object): registration is SyncRegistration {
  return 'sync' in registration;
}

/** Asks the browser to wake the service worker once there is a network; browsers without that flush when the app is opened. */
export async function askForBackgroundFlush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration && canSync(registration)) await registration.sync.register(storageName(backgroundTag));
}

/**
 * Sends the outbox of a space without a page. Rejects while the relay is away, so that the browser tries again.
 * @returns how many statements were settled
 */
export async function flushInBackground(space: SpaceId, options: Clock): Promise<number> {
  const { now, random } = options;
  const name = storageName('islet', space);
  // It may have been removed from this browser since, and opening would bring an empty one back.
  if (!(await indexedDB.databases()).some((found) => found.name === name)) return 0;
  const store = await openKeyStore(storageName('islet-keys', space));
  const db = await openDatabase(name);
  try {
    const membership = await store.membership();
    const keys = await store.existingKeys();
    if (!membership || !keys || (await db.outbox.count()) === 0) return 0;
    const api = createRelayApi(membership.apiBase, createAccess({ keys, membership, now, random }));
    return await flushOutbox({ db, api, author: { keys, membership }, store, now });
  } finally {
    db.close();
    store.close();
  }
}
