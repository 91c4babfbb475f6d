import { bytesToBase64url, hashText, type Random } from '../../shared/bytes.ts';
import {
  createDelegation,
  createProven,
  parseDelegation,
  type Proven,
  signDelegation,
} from '../../shared/device/delegation.ts';
import {
  appendLogEntry,
  assertEntryTime,
  type Countersignature,
  countersignLogEntry,
  type DeviceLog,
  type EnrolledDevice,
  findDevice,
  findLine,
  type LogEntry,
  type LogOperation,
  parseLogEntry,
  verifyDeviceLog,
} from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Database, Executor } from '../store/database.ts';
import {
  findDelegation,
  findLogHead,
  insertDelegation,
  insertLogEntry,
  listLogEntries,
  revokeDelegations,
} from '../store/device-log.ts';
import { endReadmissions, settleSuspensions } from '../store/devices.ts';
import { findSetup, replaceSetup, useLink, useSetup } from '../store/ways-in.ts';
import type { NodeKeys } from './node-keys.ts';
import { createLock } from './lock.ts';
import { createRenewals, type Renewals } from './renewals.ts';

/** How long a setup link holds, in milliseconds. */
const setupLifetime = 24 * 3_600_000;

export interface LogItem {
  readonly entry: string;
  readonly countersignature: Countersignature;
}

/** What an append did, for whoever has to act on it (sockets, waiting devices). */
export interface Appended {
  readonly log: DeviceLog;
  readonly added: Did | undefined;
  /** Devices whose access has ended. */
  readonly removed: readonly Did[];
  /** Devices that have another delegation than before: their connections begin anew. */
  readonly changed: readonly Did[];
}

export interface Link {
  readonly id: string;
  readonly confirmation: string;
}

/** The device log of one identity, the delegations that follow from it, and the first way in. */
export interface Devices extends Renewals {
  /** Delegations of the identity whose signature was looked at before. */
  readonly proven: Proven;
  /** What the log says now; undefined while no device is enrolled. */
  log(): Promise<DeviceLog | undefined>;
  entries(): Promise<LogItem[]>;
  /** @throws IsletError E-DELEGATION-INVALID when the device has none */
  delegation(did: string): Promise<string>;
  /** A new one-time token in the place of the old; undefined once a device is enrolled. */
  createSetup(): Promise<string | undefined>;
  /** SPEC P1. @throws IsletError E-SETUP-UNKNOWN, E-SETUP-USED, E-LOG-* */
  enrol(setup: string, entry: string): Promise<Appended>;
  /** SPEC L1–L5. @throws IsletError E-LOG-* */
  append(entry: string, link: Link | undefined): Promise<Appended>;
}

export interface DeviceParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createDevices({ db, keys, random, now }: DeviceParts): Devices {
  const { idTag } = keys;
  const lock = createLock();
  let known: { readonly head: string; readonly log: Promise<DeviceLog> } | undefined;

  const verifyLog = async (): Promise<DeviceLog> => {
    const rows = await listLogEntries(db, idTag);
    return verifyDeviceLog(
      idTag,
      rows.map(({ entry }) => entry),
    );
  };

  /**
   * The head is read from the store every time; what it says is worked out once, however many ask at the same time: all signatures of
   * the log for each of a thousand sockets would keep everybody waiting for half a minute.
   */
  const readLog = async (): Promise<DeviceLog | undefined> => {
    const head = await findLogHead(db, idTag);
    if (head === undefined) return undefined;
    if (known?.head === head) return known.log;
    const reading = { head, log: verifyLog() };
    known = reading;
    try {
      return await reading.log;
    } catch (error) {
      if (known === reading) known = undefined;
      throw error;
    }
  };

  const issue = async (trx: Executor, log: DeviceLog, did: Did): Promise<void> => {
    // It was let in for a time, and that is over by the very entry.
    if ((findDevice(log, did)?.until ?? Infinity) <= now() / 1000) return;
    const delegation = createDelegation(log, did, {
      k: keys.k,
      jti: bytesToBase64url(random(16)),
      now: Math.floor(now() / 1000),
    });
    const token = await signDelegation(delegation, keys.sign);
    const { jti, exp } = parseDelegation(token);
    await insertDelegation(trx, { jti, id_tag: idTag, did, token, exp, revoked_at: null });
  };

  /** Entry, countersignature, delegations and what was used for it: one transaction. */
  const store = async (entry: string, use: (trx: Executor, added: Did | undefined) => Promise<void>) => {
    const said = parseLogEntry(entry);
    assertEntryTime(said, Math.floor(now() / 1000));
    const before = await readLog();
    if (before) await renewals.assertNotSuspended(before, said.by);
    const log = await appendLogEntry(idTag, before, entry);
    const { k, token } = await countersignLogEntry(entry, keys.k, keys.sign);
    const { added, removed, changed } = compare(before, log, said);
    const settled = removed.flatMap((did) => lineThatEnded(log, did));
    await db.transaction().execute(async (trx) => {
      const row = { id_tag: idTag, seq: log.length - 1, hash: log.head, entry, k, token, received_at: now() };
      await insertLogEntry(trx, row);
      for (const did of [...removed, ...changed]) await revokeDelegations(trx, idTag, did, now());
      for (const did of added ? [added, ...changed] : changed) await issue(trx, log, did);
      if (said.op.t === 'gen') await endReadmissions(trx, idTag);
      for (const origin of settled) await settleSuspensions(trx, idTag, origin, now());
      await use(trx, added);
    });
    known = { head: log.head, log: Promise.resolve(log) };
    return { log, added, removed, changed };
  };
  const renewals = createRenewals({ db, idTag, now, lock, readLog, store });

  return {
    ...renewals,
    proven: createProven(),
    log: readLog,
    async entries() {
      const rows = await listLogEntries(db, idTag);
      return rows.map(({ entry, k, token }) => ({ entry, countersignature: { k, token } }));
    },
    async delegation(did) {
      const row = await findDelegation(db, idTag, did);
      if (!row) throw new IsletError('E-DELEGATION-INVALID', 'this device has no delegation', did);
      return row.token;
    },
    async createSetup() {
      if (await readLog()) return undefined;
      const token = bytesToBase64url(random(24));
      const token_hash = await hashText(token);
      const row = { id_tag: idTag, token_hash, expires_at: now() + setupLifetime, used_entry: null };
      await db.transaction().execute((trx) => replaceSetup(trx, row));
      return token;
    },
    enrol: (setup, entry) =>
      lock(async () => {
        const row = await findSetup(db, idTag);
        if (!row || row.token_hash !== (await hashText(setup)))
          throw new IsletError(
            'E-SETUP-UNKNOWN',
            'this setup link is not known here; a newer one may have been printed',
          );
        const hash = await hashText(entry);
        const log = await readLog();
        if (log && (row.used_entry === hash || (await isSameFirst(idTag, log, entry))))
          return { log, added: log.devices.keys().next().value, removed: [], changed: [] };
        if (row.used_entry !== null || log)
          throw new IsletError('E-SETUP-USED', 'this setup link was used already');
        if (row.expires_at < now())
          throw new IsletError(
            'E-SETUP-UNKNOWN',
            'this setup link has expired; restart the relay for a new one',
          );
        return store(entry, (trx) => useSetup(trx, idTag, hash));
      }),
    append: (entry, link) =>
      lock(() =>
        store(entry, async (trx, added) => {
          if (link && added) await useLink(trx, link.id, added, link.confirmation);
        }),
      ),
  };
}

/** SPEC P1: the device that is alone in the log has signed its first entry again, because the answer was lost. */
async function isSameFirst(idTag: IdTag, log: DeviceLog, entry: string): Promise<boolean> {
  if (log.length !== 1) return false;
  try {
    const again = await verifyDeviceLog(idTag, [entry]);
    return [...again.devices.keys()].every((did) => log.devices.has(did));
  } catch (error) {
    if (error instanceof IsletError) return false;
    throw error;
  }
}

/** Who has come, who is out, and who has another delegation: a raised generation leaves that of the caller alone. */
function compare(
  before: DeviceLog | undefined,
  log: DeviceLog,
  { by, op }: LogEntry,
): Pick<Appended, 'added' | 'removed' | 'changed'> {
  const raised = before?.gen !== log.gen;
  const known = [...log.devices.values()].filter(({ did }) => isIn(before?.devices.get(did)));
  const removed = known.filter((device) => !isIn(device) || (raised && device.did !== by));
  const changed = known.filter(
    (device) => isIn(device) && ((raised && device.did === by) || (narrows(op) && op.did === device.did)),
  );
  const added = [...log.devices.keys()].find((did) => !before?.devices.has(did));
  return { added, removed: removed.map(({ did }) => did), changed: changed.map(({ did }) => did) };
}

/** Another name alone changes no delegation. */
function narrows(op: LogOperation): op is Extract<LogOperation, { t: 'change' }> {
  return op.t === 'change' && (op.cap !== undefined || op.until !== undefined);
}

function isIn(device: EnrolledDevice | undefined): boolean {
  return device !== undefined && device.removedAt === undefined;
}

/** Nobody asks which keys of a line are right once it is out. */
function lineThatEnded(log: DeviceLog, did: Did): Did[] {
  const device = log.devices.get(did);
  return device && !findLine(log, device.origin) ? [device.origin] : [];
}
