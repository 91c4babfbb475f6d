import type { IdentityKey } from '../../shared/identity/key-set.ts';
import type { Executor } from './database.ts';
import type { IdentityKeyRow } from './tables.ts';

/** A key of this relay has another name from now on. */
export async function renameIdentityKey(
  db: Executor,
  { id_tag, key_id }: Pick<IdentityKeyRow, 'id_tag' | 'key_id'>,
  change: Pick<IdentityKeyRow, 'key_id' | 'sealed'>,
): Promise<void> {
  await db
    .updateTable('identity_keys')
    .set(change)
    .where('id_tag', '=', id_tag)
    .where('key_id', '=', key_id)
    .execute();
}

/**
 * SPEC X16: public keys of which nobody has the private half any more: `sealed` is empty. Those that still held when they were noted
 * end at `now` (milliseconds).
 */
export async function insertRetiredKeys(
  db: Executor,
  idTag: string,
  keys: readonly IdentityKey[],
  now: number,
): Promise<void> {
  const seconds = Math.floor(now / 1000) - 1;
  const newest = Math.max(...keys.map(({ expiresAt }) => expiresAt ?? 0));
  const rows = keys.map(({ keyId, publicKey, expiresAt }, i) => ({
    ...{ id_tag: idTag, key_id: keyId, public_key: publicKey, sealed: new Uint8Array() },
    // Before any key of this relay, in the order in which they were listed.
    created_at: i,
    ...{ used_from: 0, revoked_at: null },
    // What holds is listed with an end that moves on, the same for all: what ends earlier had ended.
    expires: expiresAt === undefined || expiresAt === newest ? seconds : Math.min(expiresAt, seconds),
  }));
  if (rows.length === 0) return;
  await db
    .insertInto('identity_keys')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
