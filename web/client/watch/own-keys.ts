import * as v from 'valibot';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { routes } from '../../../shared/routes.ts';
import { raiseAlarm } from './alarms.ts';
import type { CheckParts } from './check-actions.ts';

const cursorSchema = v.optional(v.object({ space: v.literal('own-keys'), keys: v.array(v.string()) }));

/**
 * SPEC L14: a relay that lists none of the identity keys that it listed before is another one, or has given itself a new key without a word. One
 * that was rotated or revoked stays listed (K2).
 * @throws RelayUnreachable
 */
export async function watchOwnKeys({ db, api, now }: CheckParts): Promise<void> {
  const keys = (await api.get(routes.me, profileSchema)).keys.map(({ publicKey }) => publicKey);
  const known = v.parse(cursorSchema, await db.cursors.get('own-keys'))?.keys;
  if (known && !known.some((key) => keys.includes(key)))
    await raiseAlarm(db, { id: `keys:${keys.join(' ')}`, kind: 'keys', at: now() });
  await db.cursors.put({ space: 'own-keys', keys });
}
