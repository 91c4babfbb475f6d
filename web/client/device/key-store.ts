import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { textToBytes } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import {
  createDeriveSecret,
  createSigner,
  type DeriveSecret,
  type Did,
  jwkToDid,
  jwkToPublic,
  publicJwkSchema,
  type PublicJwk,
  type Signer,
} from '../../../shared/identity/did.ts';
import { idTagSchema } from '../../../shared/identity/id-tag.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { parse } from '../../../shared/parse.ts';
import { storageName } from '../spaces.ts';

/** The keys of this browser: script can use them and cannot read them (SPEC K3). */
export interface DeviceKeys {
  readonly did: Did;
  /** The name under which this device first came in: it stays when its keys are renewed. */
  readonly origin: Did;
  readonly jwk: PublicJwk;
  readonly ecdh: PublicJwk;
  readonly sign: Signer;
  /** What opens folder keys that are wrapped to `ecdh`. */
  readonly derive: DeriveSecret;
}

interface KeyRecord {
  /** `next`: made for a renewal that the relay has not confirmed. */
  id: 'device' | 'next';
  signing: CryptoKeyPair;
  sealing: CryptoKeyPair;
  /** Absent as long as the keys are the first. */
  origin?: Did;
}

/** What this device holds of the identity it speaks for. */
const membershipSchema = v.object({
  id: v.literal('identity'),
  idTag: idTagSchema,
  /** How the identity calls itself. */
  name: v.optional(v.string()),
  apiBase: v.string(),
  /** The chain, the delegation from the identity first (SPEC G). */
  delegations: v.array(v.string()),
  /** The device log as it was seen last: its head is pinned (SPEC L6). */
  entries: v.array(v.string()),
  /** What `/api/me` said last: the key to name in drafts while offline. */
  keys: profileSchema.entries.keys,
});

export type Membership = v.InferOutput<typeof membershipSchema>;

interface Schema extends DBSchema {
  keys: { key: string; value: KeyRecord };
  identities: { key: string; value: Membership };
}

export interface KeyStore {
  /** The keys of this browser, made and tested when there are none. */
  deviceKeys(): Promise<DeviceKeys>;
  /** The same, but undefined when this browser has none yet. */
  existingKeys(): Promise<DeviceKeys | undefined>;
  membership(): Promise<Membership | undefined>;
  /** @throws IsletError E-SETUP-USED when it belongs to another identity, which another tab may have joined meanwhile */
  writeMembership(membership: Membership): Promise<void>;
  /** Changes members of it and leaves the others as they are by now. */
  changeMembership(change: Partial<Omit<Membership, 'id'>>): Promise<void>;
  /** The keys that are to come next, the same at every call until they are adopted: the pair for sealing stays. */
  nextKeys(): Promise<DeviceKeys>;
  /** The same, but undefined when none are made yet. */
  existingNext(): Promise<DeviceKeys | undefined>;
  /** The next keys take the place of those before, together with what was granted to them. */
  adoptNext(membership: Membership, origin: Did): Promise<DeviceKeys>;
  close(): void;
}

const curve = { namedCurve: 'P-384' };

function generateSigning(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']);
}

async function generateRecord(): Promise<KeyRecord> {
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']);
  return { id: 'device', signing: await generateSigning(), sealing };
}

async function recordToKeys(record: KeyRecord): Promise<DeviceKeys> {
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', record.signing.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', record.sealing.publicKey));
  const did = jwkToDid(jwk);
  return {
    ...{ did, origin: record.origin ?? did, jwk, ecdh },
    sign: createSigner(record.signing.privateKey),
    derive: createDeriveSecret(record.sealing.privateKey),
  };
}

async function assertSigns(keys: DeviceKeys): Promise<void> {
  const probe = textToBytes('islet key self-test');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
  const key = await crypto.subtle.importKey('jwk', v.parse(publicJwkSchema, keys.jwk), algorithm, false, [
    'verify',
  ]);
  const signature = new Uint8Array(await keys.sign(probe));
  if (!(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-384' }, key, signature, probe)))
    throw new Error('This browser stored a device key that does not sign. Nothing was enrolled.');
}

function open(name: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('keys', { keyPath: 'id' });
      db.createObjectStore('identities', { keyPath: 'id' });
    },
  });
}

/**
 * Writes with strict durability, unless there is such a record already; a key is trusted only after it was read through a fresh connection
 * and has signed.
 */
async function keepKeys(name: string, made: KeyRecord): Promise<DeviceKeys> {
  const db = await open(name);
  const write = db.transaction('keys', 'readwrite', { durability: 'strict' });
  if (!(await write.store.get(made.id))) await write.store.put(made);
  await write.done;
  db.close();
  const reopened = await open(name);
  const record = await reopened.get('keys', made.id);
  reopened.close();
  if (!record) throw new Error('This browser does not keep keys. Private windows often do not.');
  const keys = await recordToKeys(record);
  await assertSigns(keys);
  return keys;
}

/** Opens the key database of this space (idb; nothing else is kept there). */
export async function openKeyStore(name = storageName('islet-keys')): Promise<KeyStore> {
  const db = await open(name);
  async function readKeys(id: KeyRecord['id']): Promise<DeviceKeys | undefined> {
    const record = await db.get('keys', id);
    return record && recordToKeys(record);
  }
  async function generateNext(): Promise<KeyRecord> {
    const current = await db.get('keys', 'device');
    if (!current) throw new Error('There are no keys that could be renewed.');
    return { id: 'next', signing: await generateSigning(), sealing: current.sealing };
  }
  return {
    existingKeys: () => readKeys('device'),
    deviceKeys: async () => (await readKeys('device')) ?? keepKeys(name, await generateRecord()),
    existingNext: () => readKeys('next'),
    nextKeys: async () => (await readKeys('next')) ?? keepKeys(name, await generateNext()),
    adoptNext: async (membership, origin) => {
      const write = db.transaction(['keys', 'identities'], 'readwrite', { durability: 'strict' });
      const next = await write.objectStore('keys').get('next');
      if (!next) throw new Error('There are no next keys.');
      const record: KeyRecord = { ...next, id: 'device', origin };
      await write.objectStore('keys').put(record);
      await write.objectStore('keys').delete('next');
      await write.objectStore('identities').put(membership);
      await write.done;
      return recordToKeys(record);
    },
    membership: async () => {
      const stored = await db.get('identities', 'identity');
      return stored && parse(membershipSchema, stored);
    },
    writeMembership: async (membership) => {
      const write = db.transaction('identities', 'readwrite', { durability: 'strict' });
      const stored = await write.store.get('identity');
      const isFree = stored === undefined || stored.idTag === membership.idTag;
      if (isFree) await write.store.put(membership);
      await write.done;
      if (!isFree) throw new IsletError('E-SETUP-USED', `This browser already belongs to ${stored.idTag}.`);
    },
    changeMembership: async (change) => {
      const write = db.transaction('identities', 'readwrite', { durability: 'strict' });
      const stored = await write.store.get('identity');
      if (stored) await write.store.put({ ...stored, ...change });
      await write.done;
    },
    close: () => db.close(),
  };
}
