import { bytesToBase64url, hashText, type Random } from '../../shared/bytes.ts';
import type { RestoreRequest } from '../../shared/api/restore.ts';
import { createDelegation, signDelegation } from '../../shared/device/delegation.ts';
import {
  appendLogEntry,
  assertEntryTime,
  countersignLogEntry,
  type DeviceLog,
  findDevice,
  findEnrolmentKey,
  type LogEntry,
  parseLogEntry,
  verifyDeviceLog,
} from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { Database } from '../store/database.ts';
import { findLogHead, insertDelegation, insertLogEntry } from '../store/device-log.ts';
import type { DeviceLogRow, SetupRow } from '../store/tables.ts';
import { findSetup, useSetup } from '../store/ways-in.ts';
import type { Devices } from './devices.ts';
import type { NodeKeys } from './node-keys.ts';

export interface RestoreParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly devices: Pick<Devices, 'log'>;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The device that speaks for the identity here from now on. */
export interface Restored {
  readonly did: Did;
}

/**
 * SPEC X16, X17: an identity comes to a relay that knows nothing of it: its device log goes on here, countersigned anew, and its old
 * identity keys are listed as retired. The same request again gets the same answer.
 * @throws IsletError E-SETUP-UNKNOWN, E-SETUP-USED, E-LOG-*, E-TOKEN-*
 */
export async function restoreIdentity(request: RestoreRequest, parts: RestoreParts): Promise<Restored> {
  const { db, keys, devices, now } = parts;
  const setup = await readSetup(request.setup, parts);
  const before = await verifyDeviceLog(keys.idTag, request.entries);
  const said = parseLogEntry(request.entry);
  const did = assertComesBack(before, said);
  const log = await appendLogEntry(keys.idTag, before, request.entry);
  const here = await devices.log();
  if (here && isSame(here, before, { did, setup })) return { did };
  if (here || setup.used_entry !== null)
    throw new IsletError('E-SETUP-USED', 'this relay has devices of the identity already');
  assertEntryTime(said, Math.floor(now() / 1000));
  if (setup.expires_at < now())
    throw new IsletError('E-SETUP-UNKNOWN', 'this setup link has expired; restart the relay for a new one');
  await keys.retire(request.keys);
  await store(db, { log, did, request }, parts);
  return { did };
}

async function readSetup(token: string, { db, keys }: RestoreParts): Promise<SetupRow> {
  const row = await findSetup(db, keys.idTag);
  if (row?.token_hash === (await hashText(token))) return row;
  throw new IsletError(
    'E-SETUP-UNKNOWN',
    'this setup link is not known here; a newer one may have been printed',
  );
}

/** SPEC X17: who goes on: a browser that the recovery key lets in, or a device that may enrol and ends all that was delegated before. */
function assertComesBack(log: DeviceLog, { op, by }: LogEntry): Did {
  if (op.t === 'add' && findEnrolmentKey(log, by)?.kind === 'recovery') return op.device.did;
  if (op.t === 'gen' && findDevice(log, by)) return by;
  throw new IsletError(
    'E-LOG-PERMISSION',
    'an identity is brought back by its recovery key or by one of its devices',
    op.t,
  );
}

/** The answer was lost, and who asks may have signed again. */
function isSame(here: DeviceLog, before: DeviceLog, { did, setup }: { did: Did; setup: SetupRow }): boolean {
  const goesOn = here.length === before.length + 1 && here.hashes[before.length - 1] === before.head;
  return goesOn && setup.used_entry !== null && findDevice(here, did) !== undefined;
}

interface Return {
  readonly log: DeviceLog;
  readonly did: Did;
  readonly request: RestoreRequest;
}

/** Log, countersignatures, delegation and the setup that was used: one transaction. */
async function store(db: Database, { log, did, request }: Return, parts: RestoreParts): Promise<void> {
  const { keys, random, now } = parts;
  const { idTag: id_tag, k } = keys;
  const rows: DeviceLogRow[] = [];
  for (const [seq, entry] of [...request.entries, request.entry].entries()) {
    const { token } = await countersignLogEntry(entry, k, keys.sign);
    rows.push({ id_tag, seq, hash: log.hashes[seq]!, entry, k, token, received_at: now() });
  }
  const jti = bytesToBase64url(random(16));
  const delegation = createDelegation(log, did, { k, jti, now: Math.floor(now() / 1000) });
  const token = await signDelegation(delegation, keys.sign);
  const hash = await hashText(request.entry);
  await db.transaction().execute(async (trx) => {
    if ((await findLogHead(trx, id_tag)) !== undefined)
      throw new IsletError('E-SETUP-USED', 'somebody else has used this setup link');
    for (const row of rows) await insertLogEntry(trx, row);
    await insertDelegation(trx, { jti, id_tag, did, token, exp: delegation.exp, revoked_at: null });
    await useSetup(trx, id_tag, hash);
  });
}
