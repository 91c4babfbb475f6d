import { copyBytes } from '../../shared/bytes.ts';
import { verifyDeviceLog } from '../../shared/device/device-log.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { sealIdentityKey } from '../../shared/identity/sealed-identity-key.ts';
import { sealContext } from '../identity/rotation.ts';
import type { Sealer } from '../identity/secret.ts';
import type { Copy } from '../store/copy.ts';
import type { TableRow } from '../store/table-rows.ts';
import type { ArchiveIdentity } from './form.ts';

export interface Described {
  readonly idTag: IdTag;
  readonly copy: Copy;
  readonly sealer: Sealer;
  /** Id of the key that signs the archive. */
  readonly k: string;
  readonly schema: string;
  /** Milliseconds. */
  readonly now: number;
}

/**
 * SPEC W8: whose archive it is. The private half of every identity key that has not ended is sealed to every recovery key of the device
 * log, and to nobody when there is none.
 */
export async function describeIdentity(parts: Described): Promise<ArchiveIdentity> {
  const { idTag, copy, k, schema, now } = parts;
  const name = [...copy.rows('identities', idTag)].map((row) => String(row.name))[0] ?? idTag;
  const entries = [...copy.rows('device_log', idTag)].map(({ entry }) => String(entry));
  const log = entries.length > 0 ? await verifyDeviceLog(idTag, entries) : undefined;
  const kits = [...(log?.keys.values() ?? [])].filter(
    ({ kind, removedAt }) => kind === 'recovery' && removedAt === undefined,
  );
  const rows = [...copy.rows('identity_keys', idTag)];
  const keys = await Promise.all(rows.map((row) => describeKey(row, kits, parts)));
  return { format: 'islet-archive', v: 1, idTag, name, madeAt: now, schema, k, keys };
}

type Kit = Pick<ArchiveIdentity['keys'][number]['sealed'][number], 'did' | 'ecdh'>;

async function describeKey(row: TableRow, kits: readonly Kit[], { idTag, sealer, now }: Described) {
  const keyId = String(row.key_id);
  const expiresAt = typeof row.expires === 'number' ? row.expires : undefined;
  const hasEnded = expiresAt !== undefined && expiresAt * 1000 < now;
  const held = !hasEnded && row.sealed instanceof Uint8Array ? copyBytes(row.sealed) : new Uint8Array();
  const sealed = [];
  if (held.length > 0 && kits.length > 0) {
    const pkcs8 = await sealer.open(held, sealContext(idTag, keyId));
    for (const { did, ecdh } of kits) {
      const ephemeral = await createEphemeral();
      sealed.push({
        did,
        ecdh,
        sealed: await sealIdentityKey(pkcs8, { idTag, keyId, did, ecdh }, ephemeral),
      });
    }
  }
  return {
    keyId,
    publicKey: String(row.public_key),
    ...(expiresAt !== undefined && { expiresAt }),
    sealed,
  };
}

function createEphemeral(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, true, ['deriveBits']);
}
