import type { Random } from '../../../shared/bytes.ts';
import { createAccess } from '../device/access.ts';
import { openKeyStore } from '../device/key-store.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { openDatabase } from '../store/database.ts';
import { flushOutbox } from './flush.ts';

/** Name of the one-off background sync that sends the outbox when the network is back. */
export const backgroundTag = 'islet-outbox';

interface SyncRegistration {
  sync: { register(tag: string): Promise<void> };
}

function canSync(registration: object): registration is SyncRegistration {
  return 'sync' in registration;
}

/** Asks the browser to wake the service worker once there is a network; browsers without that flush when the app is opened. */
export async function askForBackgroundFlush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration && canSync(registration)) await registration.sync.register(backgroundTag);
}

/**
 * Sends the outbox without a page. Rejects while the relay is away, so that the browser tries again.
 * @returns how many statements were settled
 */
export async function flushInBackground(options: { now: () => number; random: Random }): Promise<number> {
  const { now, random } = options;
  const store = await openKeyStore();
  const db = await openDatabase();
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
