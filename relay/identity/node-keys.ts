import { bytesToBase64, createRandomId, type Random } from '../../shared/bytes.ts';
import { createSigner, type Signer } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { IdentityKey } from '../../shared/identity/key-set.ts';
import type { Database } from '../store/database.ts';
import { findIdentity, insertIdentity, listIdentityKeys } from '../store/identities.ts';
import type { IdentityKeyRow } from '../store/tables.ts';
import type { Sealer } from './secret.ts';
import { subtle } from './webcrypto.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };

/** The identity keys of one tenant, open in memory while the relay runs. */
export interface NodeKeys {
  readonly idTag: IdTag;
  readonly name: string;
  /** Name of the tenant's sync log. */
  readonly logId: string;
  /** Id of the key that signs. */
  readonly k: string;
  readonly sign: Signer;
  /** What `/api/me` lists: `expiresAt` rolls, at most a day ahead. */
  list(now: number): IdentityKey[];
}

export interface NodeKeyParts {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly now: () => number;
}

/** Opens the tenant's keys; makes identity and key when the store has neither. */
export async function openNodeKeys(idTag: IdTag, parts: NodeKeyParts): Promise<NodeKeys> {
  const { db, sealer } = parts;
  if (!(await findIdentity(db, idTag))) await createIdentity(idTag, parts);
  const identity = await findIdentity(db, idTag);
  const rows = await listIdentityKeys(db, idTag);
  const current = rows.findLast((row) => row.expires === null);
  if (!identity || !current) throw new Error(`${idTag} has no usable identity key`);
  const pkcs8 = await sealer.open(current.sealed, sealContext(idTag, current.key_id));
  const key = await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return {
    idTag,
    name: identity.name,
    logId: identity.log_id,
    k: current.key_id,
    sign: createSigner(key, subtle),
    list: (at) => rows.map((row) => describe(row, at)),
  };
}

function sealContext(idTag: string, keyId: string): string {
  return `${idTag} ${keyId}`;
}

/** Rounded to the hour, so that the answer and its ETag stay the same for that long. */
function describe(row: IdentityKeyRow, now: number): IdentityKey {
  const hour = 3_600_000;
  const rolling = Math.floor(now / hour) * (hour / 1000) + 86_400;
  return { keyId: row.key_id, publicKey: row.public_key, expiresAt: row.expires ?? rolling };
}

async function createIdentity(idTag: IdTag, { db, sealer, random, now }: NodeKeyParts): Promise<void> {
  const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keyId = new Date(now()).toISOString().slice(2, 10).replaceAll('-', '');
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
  const spki = new Uint8Array(await subtle.exportKey('spki', pair.publicKey));
  const row: IdentityKeyRow = {
    id_tag: idTag,
    key_id: keyId,
    public_key: bytesToBase64(spki),
    sealed: await sealer.seal(pkcs8, sealContext(idTag, keyId)),
    created_at: now(),
    expires: null,
  };
  const name = idTag.split('.')[0]!;
  const identity = {
    ...{ id_tag: idTag, name, log_id: createRandomId(random) },
    ...{ profile_pic: null, cover_pic: null, created_at: now() },
  };
  await db.transaction().execute((trx) => insertIdentity(trx, identity, row));
}
