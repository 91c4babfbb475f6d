import { hashText } from '../../shared/bytes.ts';
import { verifyDeviceLog } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { decodeLog } from './log-rows.ts';
import type { Cell, TableRow } from '../store/table-rows.ts';
import type { ArchiveIdentity } from './form.ts';

const invalid = (why: string, value?: unknown) => new IsletError('E-ARCHIVE-INVALID', why, value);

/** What rows of an archive must be beside well formed: of this identity, and fitting each other. */
export interface RowChecks {
  /** @throws IsletError E-ARCHIVE-INVALID */
  row(table: string, row: TableRow): Promise<void>;
  /** Its bytes have its hash. */
  blob(id: string, size: number): void;
  /** Once everything was looked at. @throws IsletError E-ARCHIVE-INVALID */
  end(): Promise<void>;
}

/** The highest number of an action: each archive that is taken in leaps by a million at most. */
const mostActions = 1e12;

export function createRowChecks(identity: ArchiveIdentity, missing: readonly string[]): RowChecks {
  const idTag = parseIdTag(identity.idTag);
  const entries: string[] = [];
  const wanted = new Map<string, Cell>();
  const log = decodeLog(idTag);
  const counts = { identities: 0 };
  const keys = new Map(identity.keys.map(({ keyId, publicKey }) => [keyId, publicKey]));
  const checks: Readonly<Record<string, (row: TableRow) => Promise<void> | void>> = {
    identities: () => void counts.identities++,
    identity_keys: ({ key_id, public_key }) => {
      if (keys.get(String(key_id)) !== public_key)
        throw invalid('an identity key of the archive does not fit');
    },
    device_log: ({ entry, seq }) => {
      if (seq !== entries.push(String(entry)) - 1) throw invalid('the device log of the archive has a gap');
    },
    actions: async ({ action_id, token, seq }) => {
      // All identities of a relay share one count, which must never come to its end.
      if (typeof seq !== 'number' || seq < 1 || seq > mostActions)
        throw invalid('an action of the archive has a number that cannot be', seq);
      // Proof of work may have given an action a name; a name always follows from its token.
      if (action_id !== `a1~${await hashText(String(token))}`)
        throw invalid('an action of the archive does not have the name that follows from it', action_id);
    },
    holdings: ({ blob, size }) => void wanted.set(String(blob), size ?? 0),
    sync_batches: log.add,
  };
  return {
    async row(table, row) {
      if (row.id_tag !== idTag) throw invalid(`a row of ${table} belongs to somebody else`);
      await checks[table]?.(row);
    },
    blob(id, size) {
      if (wanted.get(id) !== size) throw invalid('the archive holds bytes that nothing in it names', id);
      wanted.delete(id);
    },
    async end() {
      if (counts.identities !== 1) throw invalid('the archive holds no identity, or more than one');
      for (const blob of missing) wanted.delete(blob);
      if (wanted.size > 0) throw invalid('bytes are missing from the archive', [...wanted.keys()][0]);
      if (entries.length > 0) await verifyLog(idTag, entries);
    },
  };
}

async function verifyLog(idTag: ArchiveIdentity['idTag'], entries: readonly string[]): Promise<void> {
  try {
    await verifyDeviceLog(idTag, entries);
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    throw invalid(`the device log of the archive does not hold: ${error.message}`, error.code);
  }
}
