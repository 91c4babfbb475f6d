import { createRandomId, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { createSigner, type Signer } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { IdentityKey } from '../../shared/identity/key-set.ts';
import type { Database } from '../store/database.ts';
import { findIdentity, insertIdentity, listIdentityKeys } from '../store/identities.ts';
import type { IdentityKeyRow } from '../store/tables.ts';
import { findCurrent, type KeyState, listKeys, stateOf } from './key-states.ts';
import { createLock } from './lock.ts';
import { retireKeys } from './retired-keys.ts';
import { createKeyRow, revokeKeys, rotateKeys, sealContext } from './rotation.ts';
import type { Sealer } from './secret.ts';

/** The identity keys of one tenant, open in memory while the relay runs. */
export interface NodeKeys {
  readonly idTag: IdTag;
  readonly name: string;
  /** Name of the tenant's sync log. */
  readonly logId: string;
  /** Id of the key that signs now. */
  readonly k: string;
  /** Signs with it. */
  readonly sign: Signer;
  /** Signs with a key that a draft names; it must be in use still. @throws IsletError E-KEY-UNKNOWN */
  signAs(k: string): Signer;
  /** What `/api/me` lists (SPEC K6): the same array while it says the same. */
  list(now: number): readonly IdentityKey[];
  /** The same without keys that are published and not used yet: what drafts may name. */
  listUsed(now: number): IdentityKey[];
  /** Oldest first. */
  describe(): { readonly row: IdentityKeyRow; readonly state: KeyState }[];
  /** SPEC K5. @throws IsletError E-CORE-CONFLICT */
  rotate(): Promise<void>;
  /** SPEC K7. */
  revoke(): Promise<void>;
  /** SPEC X16: lists keys that the identity had at a relay that is gone; their private halves are not here. */
  retire(keys: readonly IdentityKey[]): Promise<void>;
}

export interface NodeKeyParts {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly random: Random;
  readonly now: () => number;
}

/** Opens the tenant's keys; makes identity and key when the store has neither. */
export async function openNodeKeys(idTag: IdTag, parts: NodeKeyParts): Promise<NodeKeys> {
  const { db, now } = parts;
  if (!(await findIdentity(db, idTag))) await createIdentity(idTag, parts);
  const identity = await findIdentity(db, idTag);
  if (!identity) throw new Error(`${idTag} is not in the store`);
  const lock = createLock();
  let ring = await openRing(idTag, parts);
  const current = () => {
    const row = findCurrent(ring.rows, now());
    const sign = row && ring.signers.get(row.key_id);
    if (!row || !sign) throw new Error(`${idTag} has no usable identity key`);
    return { k: row.key_id, sign };
  };
  current();
  const change = (work: () => Promise<void>) =>
    lock(async () => {
      await work();
      ring = await openRing(idTag, parts);
    });
  let listed: Listed | undefined;
  const list = (at: number) => {
    const second = Math.floor(at / 1000);
    if (listed?.ring !== ring || listed.second !== second)
      listed = { ring, second, keys: withSame(listed?.keys, listKeys(ring.rows, at)) };
    return listed.keys;
  };
  return {
    ...{ idTag, name: identity.name, logId: identity.log_id },
    get k() {
      return current().k;
    },
    sign: (bytes) => current().sign(bytes),
    signAs(k) {
      const row = ring.rows.find(({ key_id }) => key_id === k);
      const sign = ring.signers.get(k);
      if (!row || !sign || !['current', 'older'].includes(stateOf(row, ring.rows, now())))
        throw new IsletError('E-KEY-UNKNOWN', 'this identity key does not sign now', k);
      return sign;
    },
    list,
    listUsed(at) {
      const planned = ring.rows.filter((row) => stateOf(row, ring.rows, at) === 'planned');
      return list(at).filter(({ keyId }) => !planned.some(({ key_id }) => key_id === keyId));
    },
    describe: () => ring.rows.map((row) => ({ row, state: stateOf(row, ring.rows, now()) })),
    rotate: () => change(() => rotateKeys(idTag, parts)),
    revoke: () => change(() => revokeKeys(idTag, parts)),
    retire: (keys) => change(() => retireKeys(idTag, { keys, k: current().k }, parts)),
  };
}

interface Listed {
  readonly ring: Ring;
  readonly second: number;
  readonly keys: readonly IdentityKey[];
}

/** The list from before, while it says the same: what was made of it stays good. */
function withSame(before: readonly IdentityKey[] | undefined, now: readonly IdentityKey[]) {
  const isSame = before && JSON.stringify(before) === JSON.stringify(now);
  return isSame ? before : now;
}

interface Ring {
  /** Oldest first. */
  readonly rows: readonly IdentityKeyRow[];
  /** Of keys that have not ended. */
  readonly signers: ReadonlyMap<string, Signer>;
}

async function openRing(idTag: IdTag, { db, sealer, now }: NodeKeyParts): Promise<Ring> {
  const rows = await listIdentityKeys(db, idTag);
  const usable = rows.filter((row) => !['retired', 'revoked'].includes(stateOf(row, rows, now())));
  const signers = await Promise.all(
    usable.map(async (row): Promise<[string, Signer]> => {
      const pkcs8 = await sealer.open(row.sealed, sealContext(idTag, row.key_id));
      const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
      // WebCrypto of Node itself: it signs in a thread, while everything else goes on.
      const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
      return [row.key_id, createSigner(key)];
    }),
  );
  return { rows, signers: new Map(signers) };
}

async function createIdentity(idTag: IdTag, { db, sealer, random, now }: NodeKeyParts): Promise<void> {
  const { row } = await createKeyRow(idTag, [], { sealer, now });
  const name = idTag.split('.')[0]!;
  const identity = {
    ...{ id_tag: idTag, name, log_id: createRandomId(random) },
    ...{ profile_pic: null, cover_pic: null, created_at: now() },
  };
  await db.transaction().execute((trx) => insertIdentity(trx, identity, row));
}
