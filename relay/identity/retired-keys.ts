import { createRandomId, type Random } from '../../shared/bytes.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { IdentityKey } from '../../shared/identity/key-set.ts';
import { listIdentityKeys } from '../store/identities.ts';
import { insertRetiredKeys, renameIdentityKey } from '../store/retired-keys.ts';
import { type RotationParts, sealContext } from './rotation.ts';

/**
 * SPEC X16: keys that the identity had at a relay that is gone are listed as retired. Two keys of one name could not be told apart: that of
 * this relay (`k`), which has signed nothing yet, takes another.
 */
export async function retireKeys(
  idTag: IdTag,
  { keys, k }: { keys: readonly IdentityKey[]; k: string },
  { db, sealer, random, now }: RotationParts & { random: Random },
): Promise<void> {
  const rows = await listIdentityKeys(db, idTag);
  const old = keys.filter(({ publicKey }) => rows.every(({ public_key }) => public_key !== publicKey));
  const own = rows.find(({ key_id }) => key_id === k);
  const taken = own !== undefined && old.some(({ keyId }) => keyId === k);
  const name = taken ? `${k}-${createRandomId(random).slice(0, 6)}` : k;
  const pkcs8 = taken ? await sealer.open(own.sealed, sealContext(idTag, k)) : undefined;
  const sealed = pkcs8 && (await sealer.seal(pkcs8, sealContext(idTag, name)));
  await db.transaction().execute(async (trx) => {
    if (own && sealed) await renameIdentityKey(trx, own, { key_id: name, sealed });
    await insertRetiredKeys(trx, idTag, old, now());
  });
}
