import { base64urlToBytes, bytesToBase64, bytesToBase64url, type Random } from '../../shared/bytes.ts';
import { createDelegation, signDelegation } from '../../shared/device/delegation.ts';
import { countersignLogEntry, listDevices, verifyDeviceLog } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { createSigner, jwkToPublic, type Signer } from '../../shared/identity/did.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { createKeyRow, sealContext } from '../identity/rotation.ts';
import type { Sealer } from '../identity/secret.ts';
import { subtle } from '../identity/webcrypto.ts';
import type { TableRow } from '../store/table-rows.ts';
import type { ArchiveIdentity } from './form.ts';

/** A private identity key that the kit opened: base64url of PKCS#8. */
export interface OpenedKey {
  readonly keyId: string;
  readonly pkcs8: string;
}

/** How rows that rest on the identity key come to a relay: as they were with the key, otherwise under a new one. */
export interface Succession {
  /** The row to write; undefined when it is left out. */
  row(table: string, row: TableRow): Promise<TableRow | undefined>;
  /** What follows from all of them. */
  end(): Promise<[table: string, rows: TableRow[]][]>;
}

export interface SuccessionParts {
  readonly sealer: Sealer;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const nothing = new Uint8Array();
const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };

/** @throws IsletError E-KEY-UNKNOWN when a key is not the one that the archive lists under its name */
export async function createSuccession(
  identity: ArchiveIdentity,
  opened: readonly OpenedKey[],
  parts: SuccessionParts,
): Promise<Succession> {
  const { sealer, now } = parts;
  const { idTag } = identity;
  const sealed = new Map<unknown, Uint8Array>();
  for (const { keyId, pkcs8 } of opened) {
    const bytes = await readPkcs8(pkcs8);
    if (identity.keys.find((key) => key.keyId === keyId)?.publicKey !== (await publicOf(bytes)))
      throw new IsletError('E-KEY-UNKNOWN', 'this is not the identity key of the archive', keyId);
    sealed.set(keyId, await sealer.seal(bytes, sealContext(idTag, keyId)));
  }
  const keyRow = (row: TableRow): TableRow => {
    const own = sealed.get(row.key_id);
    const past = Math.floor(now() / 1000) - 1;
    const expires = typeof row.expires === 'number' ? Math.min(row.expires, past) : past;
    return own ? { ...row, sealed: own } : { ...row, sealed: nothing, expires };
  };
  const end = identity.keys.find(({ keyId }) => keyId === identity.k)?.expiresAt;
  const hasEnded = end !== undefined && end * 1000 < now();
  if (hasEnded || !sealed.has(identity.k)) return createNewKey(identity, keyRow, parts);
  return {
    row: (table, row) => Promise.resolve(table === 'identity_keys' ? keyRow(row) : row),
    end: () => Promise.resolve([]),
  };
}

/** The log is countersigned anew, and the devices that are in get delegations of the new key. */
async function createNewKey(
  identity: ArchiveIdentity,
  keyRow: (row: TableRow) => TableRow,
  parts: SuccessionParts,
): Promise<Succession> {
  const idTag = parseIdTag(identity.idTag);
  const known = identity.keys.map(({ keyId, publicKey }) => ({
    ...{ id_tag: idTag, key_id: keyId, public_key: publicKey, sealed: nothing },
    ...{ created_at: 0, expires: 0, used_from: 0, revoked_at: null },
  }));
  const { row: fresh, key } = await createKeyRow(idTag, known, parts);
  const sign = createSigner(key, subtle);
  const entries: string[] = [];
  return {
    async row(table, row) {
      if (table === 'identity_keys') return keyRow(row);
      if (table === 'delegations') return undefined;
      if (table !== 'device_log') return row;
      const entry = String(row.entry);
      entries.push(entry);
      const { k, token } = await countersignLogEntry(entry, fresh.key_id, sign);
      return { ...row, k, token };
    },
    end: async () => [
      ['identity_keys', [{ ...fresh }]],
      ['delegations', await delegateAnew(idTag, entries, { ...parts, k: fresh.key_id, sign })],
    ],
  };
}

async function delegateAnew(
  idTag: IdTag,
  entries: readonly string[],
  { k, sign, random, now }: SuccessionParts & { k: string; sign: Signer },
): Promise<TableRow[]> {
  if (entries.length === 0) return [];
  const log = await verifyDeviceLog(idTag, entries);
  const rows: TableRow[] = [];
  for (const { did, until } of listDevices(log)) {
    const seconds = Math.floor(now() / 1000);
    if (until !== undefined && until <= seconds) continue;
    const jti = bytesToBase64url(random(16));
    const delegation = createDelegation(log, did, { k, jti, now: seconds });
    const token = await signDelegation(delegation, sign);
    rows.push({ jti, id_tag: idTag, did, token, exp: delegation.exp, revoked_at: null });
  }
  return rows;
}

async function readPkcs8(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = base64urlToBytes(text);
  try {
    await subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
    return bytes;
  } catch {
    throw new IsletError('E-KEY-UNKNOWN', 'this is no identity key');
  }
}

/** As `/api/me` lists the public half. */
async function publicOf(pkcs8: Uint8Array<ArrayBuffer>): Promise<string> {
  const own = await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const jwk = jwkToPublic(await subtle.exportKey('jwk', own));
  const key = await subtle.importKey('jwk', { ...jwk }, algorithm, true, ['verify']);
  return bytesToBase64(new Uint8Array(await subtle.exportKey('spki', key)));
}
