import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { textToBytes } from '../../../shared/bytes.ts';
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

/** The keys of this browser: script can use them and cannot read them (SPEC K3). */
export interface DeviceKeys {
  readonly did: Did;
  readonly jwk: PublicJwk;
  readonly ecdh: PublicJwk;
  readonly sign: Signer;
  /** What opens folder keys that are wrapped to `ecdh`. */
  readonly derive: DeriveSecret;
}

interface KeyRecord {
  id: 'device';
  signing: CryptoKeyPair;
  sealing: CryptoKeyPair;
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
  writeMembership(membership: Membership): Promise<void>;
  close(): void;
}

async function generateRecord(): Promise<KeyRecord> {
  const curve = { namedCurve: 'P-384' };
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']);
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']);
  return { id: 'device', signing, sealing };
}

async function recordToKeys(record: KeyRecord): Promise<DeviceKeys> {
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', record.signing.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', record.sealing.publicKey));
  return {
    ...{ did: jwkToDid(jwk), jwk, ecdh },
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

/** Writes with strict durability; a key is trusted only after it was read through a fresh connection and has signed. */
async function createKeys(name: string): Promise<DeviceKeys> {
  const made = await generateRecord();
  const db = await open(name);
  const write = db.transaction('keys', 'readwrite', { durability: 'strict' });
  if (!(await write.store.get('device'))) await write.store.put(made);
  await write.done;
  db.close();
  const reopened = await open(name);
  const record = await reopened.get('keys', 'device');
  reopened.close();
  if (!record) throw new Error('This browser does not keep keys. Private windows often do not.');
  const keys = await recordToKeys(record);
  await assertSigns(keys);
  return keys;
}

/** Opens the key database of this browser (idb; nothing else is kept there). */
export async function openKeyStore(name = 'islet-keys'): Promise<KeyStore> {
  const db = await open(name);
  async function existingKeys(): Promise<DeviceKeys | undefined> {
    const record = await db.get('keys', 'device');
    return record && recordToKeys(record);
  }
  return {
    existingKeys,
    deviceKeys: async () => (await existingKeys()) ?? createKeys(name),
    membership: async () => {
      const stored = await db.get('identities', 'identity');
      return stored && parse(membershipSchema, stored);
    },
    writeMembership: async (membership) => {
      const write = db.transaction('identities', 'readwrite', { durability: 'strict' });
      await write.store.put(membership);
      await write.done;
    },
    close: () => db.close(),
  };
}
