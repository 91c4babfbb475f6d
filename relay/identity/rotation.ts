import { bytesToBase64 } from '../../shared/bytes.ts';
import { countersignLogEntry } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { createSigner } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Database } from '../store/database.ts';
import { listLogEntries, replaceCountersignature } from '../store/device-log.ts';
import { insertIdentityKey, listIdentityKeys, updateIdentityKey } from '../store/identities.ts';
import type { IdentityKeyRow } from '../store/tables.ts';
import { nameKey, planEnd, publishedBefore, stateOf } from './key-states.ts';
import type { Sealer } from './secret.ts';
import { subtle } from './webcrypto.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };

export interface RotationParts {
  readonly db: Database;
  readonly sealer: Sealer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a sealed key is bound to. */
export function sealContext(idTag: string, keyId: string): string {
  return `${idTag} ${keyId}`;
}

/** A new identity key with its private half sealed; not stored yet. */
export async function createKeyRow(
  idTag: IdTag,
  rows: readonly Pick<IdentityKeyRow, 'key_id'>[],
  { sealer, now }: Omit<RotationParts, 'db'>,
): Promise<{ row: IdentityKeyRow; key: CryptoKey }> {
  const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keyId = nameKey(rows, now());
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
  const spki = new Uint8Array(await subtle.exportKey('spki', pair.publicKey));
  const row = {
    id_tag: idTag,
    key_id: keyId,
    public_key: bytesToBase64(spki),
    sealed: await sealer.seal(pkcs8, sealContext(idTag, keyId)),
    created_at: now(),
    expires: null,
    used_from: now(),
    revoked_at: null,
  };
  return { row, key: pair.privateKey };
}

/**
 * SPEC K5: a new key is listed now and signs in a day; those before it end when no draft that names them is taken any more.
 * @throws IsletError E-CORE-CONFLICT when one is planned already
 */
export async function rotateKeys(idTag: IdTag, parts: RotationParts): Promise<void> {
  const { db, now } = parts;
  const rows = await listIdentityKeys(db, idTag);
  if (rows.some((row) => stateOf(row, rows, now()) === 'planned'))
    throw new IsletError('E-CORE-CONFLICT', 'a new key is published already and waits to be used');
  const { row } = await createKeyRow(idTag, rows, parts);
  const from = now() + publishedBefore;
  await db.transaction().execute(async (trx) => {
    for (const old of rows)
      if (old.expires === null) await updateIdentityKey(trx, old, { expires: planEnd(from) });
    await insertIdentityKey(trx, { ...row, used_from: from });
  });
}

/**
 * SPEC K7: whatever could have signed until now ends, and a new key signs at once; it countersigns the device log again, so that
 * nothing there rests on a key that somebody else may have.
 */
export async function revokeKeys(idTag: IdTag, parts: RotationParts): Promise<void> {
  const { db, now } = parts;
  const rows = await listIdentityKeys(db, idTag);
  const { row, key } = await createKeyRow(idTag, rows, parts);
  const sign = createSigner(key, subtle);
  const entries = await listLogEntries(db, idTag);
  const countersigned = await Promise.all(
    entries.map(async (entry) => ({ entry, by: await countersignLogEntry(entry.entry, row.key_id, sign) })),
  );
  const ended = { expires: Math.floor(now() / 1000) - 1, revoked_at: now() };
  await db.transaction().execute(async (trx) => {
    for (const old of rows)
      if (!['retired', 'revoked'].includes(stateOf(old, rows, now())))
        await updateIdentityKey(trx, old, ended);
    await insertIdentityKey(trx, row);
    for (const { entry, by } of countersigned) await replaceCountersignature(trx, entry, by);
  });
}
