import { type Place, readPlace } from '../../../shared/device/place.ts';
import { deviceLogSchema, routes } from '../../../shared/routes.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import type { Membership } from './key-store.ts';

/**
 * What became of this device, proven by the log (SPEC L12).
 * @throws RelayUnreachable, IsletError E-LOG-*
 */
export async function findOwnPlace(membership: Membership, did: string): Promise<Place> {
  const { entries } = await createRelayApi(membership.apiBase).get(routes.deviceLog, deviceLogSchema);
  const known = { idTag: membership.idTag, did, pinned: membership.entries };
  return readPlace(
    known,
    entries.map(({ entry }) => entry),
  );
}

/** What a removed device still had to say is never said: each is refused, with the reason, and stays to be read. @returns how many */
export function refuseWaiting(db: Database, reason: string): Promise<number> {
  return navigator.locks.request(`${db.name}-outbox`, () =>
    db.transaction('rw', db.actions, db.outbox, async () => {
      const ids = (await db.outbox.toArray()).map(({ id }) => id);
      await db.actions.where('id').anyOf(ids).modify({ state: 'refused', reason });
      await db.outbox.clear();
      return ids.length;
    }),
  );
}
