import type { DeviceState, Readmission } from '../../shared/api/devices.ts';
import { parseAssertion, verifyAssertion } from '../../shared/device/assertion.ts';
import { type Capability, coversAll } from '../../shared/device/capability.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import {
  type DeviceDescription,
  type DeviceLog,
  type EnrolledDevice,
  findDevice,
  findLine,
  listDevices,
  parseLogEntry,
} from '../../shared/device/device-log.ts';
import { judgeRenewal, type RenewalStanding, suspension } from '../../shared/device/renewal.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Did, PublicJwk } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database, Executor } from '../store/database.ts';
import { findDelegation } from '../store/device-log.ts';
import {
  askReadmission,
  deleteReadmission,
  grantReadmission,
  insertSuspension,
  listReadmissions,
  listSightings,
  listSuspensions,
  recordSighting,
  settleSuspensions,
} from '../store/devices.ts';
import type { SuspensionRow } from '../store/tables-devices.ts';
import type { Appended } from './devices.ts';
import type { Lock } from './lock.ts';

/** How exactly it is known when a device came last, in milliseconds. */
const sightingStep = 5 * 60_000;

/** Of one device: so many further keys are kept as evidence at a time. */
const mostCopies = 8;

/** What became of a renewal: an answer, or `suspended`: the devices of the line, whose access has ended. */
export type Renewed = Appended | { readonly suspended: readonly Did[] };

/** Devices over time: new keys, copied keys, coming back (SPEC G8–G11). */
export interface Renewals {
  /** SPEC G8, G10. `agent`: from which kind of browser. @throws IsletError as `judgeRenewal`, E-LOG-* */
  renew(entry: string, agent?: string): Promise<Renewed>;
  /** Who shows this assertion asks to come back (SPEC G11). `asked`: for the first time. @throws IsletError E-ASSERTION-*, E-TOKEN-* */
  readmission(assertion: string): Promise<Readmission & { asked: boolean }>;
  /** What the device that shows this assertion has now. @throws IsletError E-ASSERTION-*, E-DELEGATION-* */
  ownDelegation(assertion: string): Promise<string>;
  /**
   * SPEC G10, G11: the device may come back, or its keys are the right ones. `cap`: what whoever says so may do.
   * @throws IsletError E-CORE-NOTFOUND, E-DELEGATION-EXPIRED, E-DELEGATION-SCOPE
   */
  readmit(did: string, cap: readonly Capability[]): Promise<void>;
  /** Those that are in. */
  states(): Promise<DeviceState[]>;
  /** The device has come. */
  seen(did: Did): Promise<void>;
  /** @throws IsletError E-DELEGATION-SUSPENDED */
  assertNotSuspended(log: DeviceLog, did: string): Promise<void>;
}

export interface RenewalParts {
  readonly db: Database;
  readonly idTag: IdTag;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly lock: Lock;
  readonly readLog: () => Promise<DeviceLog | undefined>;
  readonly store: (entry: string, use: (trx: Executor) => Promise<void>) => Promise<Appended>;
}

export function createRenewals(parts: RenewalParts): Renewals {
  const { db, idTag, now, lock, store } = parts;
  const seconds = () => Math.floor(now() / 1000);
  const sightings = new Map<Did, number>();

  const needLog = async (): Promise<DeviceLog> => {
    const log = await parts.readLog();
    if (!log) throw new IsletError('E-DELEGATION-INVALID', 'no device is enrolled here');
    return log;
  };

  const delegationOf = async (log: DeviceLog, did: Did) => {
    const row = await findDelegation(db, idTag, did);
    if (!row) return undefined;
    const { gen, exp } = parseDelegation(row.token);
    return { token: row.token, gen, exp, holds: gen === log.gen && exp >= seconds() };
  };

  const standingOf = async (log: DeviceLog, { did, origin }: EnrolledDevice): Promise<RenewalStanding> => {
    const seen = (await listSuspensions(db, idTag)).filter((row) => row.origin === origin);
    const asks = await listReadmissions(db, idTag);
    return {
      delegation: await delegationOf(log, did),
      readmitted: asks.some((ask) => ask.did === did && ask.granted_at !== null),
      suspended: seen.some(({ settled_at }) => settled_at === null),
      settled: seen.some(({ parent, settled_at }) => parent === did && settled_at !== null),
    };
  };

  const suspend = async (
    log: DeviceLog,
    { did, origin }: EnrolledDevice,
    second: Pick<SuspensionRow, 'did' | 'entry' | 'agent'>,
  ) => {
    const row = { id_tag: idTag, origin, parent: did, ...second, at: now(), settled_at: null };
    const kept = (await listSuspensions(db, idTag)).filter(
      (each) => each.origin === origin && !each.settled_at,
    );
    // Whoever has the old key can make as many new ones as it likes.
    if (kept.length < mostCopies) await insertSuspension(db, row);
    return { suspended: listDevices(log).flatMap((each) => (each.origin === origin ? [each.did] : [])) };
  };

  const renew = async (entry: string, agent: string | null): Promise<Renewed> => {
    const log = await needLog();
    const context = { idTag, log, now: seconds() };
    const { verdict, device, next } = await judgeRenewal(entry, context, (each) => standingOf(log, each));
    if (verdict === 'second') return suspend(log, device, { did: next.did, entry, agent });
    if (verdict === 'new')
      return store(entry, async (trx) => {
        await deleteReadmission(trx, idTag, device.did);
        await recordSighting(trx, { id_tag: idTag, did: next.did, seen_at: now(), agent });
      });
    return { log, added: next.did, removed: [], changed: [] };
  };

  /** Whoever holds a key of the log, or one that came second. */
  const readAsserted = async (assertion: string, log: DeviceLog) => {
    const { iss } = parseAssertion(assertion);
    const did = iss as Did;
    const second = (await listSuspensions(db, idTag)).find((row) => row.did === did);
    const jwk: PublicJwk | undefined = log.devices.get(did)?.jwk ?? (second && describeSecond(second).jwk);
    if (!jwk)
      throw new IsletError('E-ASSERTION-INVALID', 'the assertion is of a key that is not known here', did);
    const { jti, exp } = await verifyAssertion(assertion, { aud: idTag, did, jwk, now: seconds() });
    if (!(await insertAssertion(db, { id_tag: idTag, did, jti, exp }, seconds())))
      throw new IsletError('E-ASSERTION-REPLAYED', 'this assertion was used already');
    return { did, second };
  };

  /** Where a device stands that is in. */
  const readStanding = async (
    log: DeviceLog,
    device: EnrolledDevice,
  ): Promise<Readmission['state'] | 'away'> => {
    const { suspended, readmitted } = await standingOf(log, device);
    if (suspended) return 'suspended';
    if ((device.until ?? Infinity) < seconds()) return 'removed';
    return readmitted || (await delegationOf(log, device.did))?.holds ? 'granted' : 'away';
  };

  return {
    renew: (entry, agent) => lock(() => renew(entry, agent ?? null)),
    readmission: (assertion) =>
      lock(async () => {
        const log = await needLog();
        const { did, second } = await readAsserted(assertion, log);
        const known = log.devices.get(did);
        const device = findDevice(log, did);
        // Once the whole line is removed, there is nothing that somebody could still say about it.
        const open =
          findLine(log, second?.origin ?? known?.origin ?? '') !== undefined &&
          (second?.settled_at === null || (known?.renewedBy && (await standingOf(log, known)).suspended));
        if (!device && open) return { state: 'suspended', asked: false };
        if (!device) return { state: 'removed', asked: false, ...(known?.wipe && { wipe: known.wipe }) };
        const state = await readStanding(log, device);
        if (state !== 'away') return { state, asked: false };
        return { state: 'asked', asked: await askReadmission(db, idTag, did, now()) };
      }),
    async ownDelegation(assertion) {
      const log = await needLog();
      const { did } = await readAsserted(assertion, log);
      const device = findDevice(log, did);
      if (!device) throw new IsletError('E-DELEGATION-REVOKED', 'the device was removed', did);
      if ((await standingOf(log, device)).suspended) throw suspension(device.origin);
      const found = await delegationOf(log, did);
      if (!found) throw new IsletError('E-DELEGATION-REVOKED', 'this device has no delegation', did);
      return found.token;
    },
    readmit: (did, cap) =>
      lock(async () => {
        const log = await needLog();
        const device = findDevice(log, did);
        if (!device) throw new IsletError('E-CORE-NOTFOUND', 'no such device is in', did);
        if (!coversAll(cap, device.cap))
          throw new IsletError('E-DELEGATION-SCOPE', 'it may do more than the device that lets it in', did);
        if ((await standingOf(log, device)).suspended)
          return settleSuspensions(db, idTag, device.origin, now());
        if ((await readStanding(log, device)) === 'removed')
          throw new IsletError('E-DELEGATION-EXPIRED', 'the device was let in for a time that is over', did);
        return grantReadmission(db, idTag, device.did, now());
      }),
    async states() {
      const log = await needLog();
      const [seen, asks, copies] = await Promise.all([
        listSightings(db, idTag),
        listReadmissions(db, idTag),
        listSuspensions(db, idTag),
      ]);
      return Promise.all(
        listDevices(log).map(async ({ did, origin }) => {
          const found = await delegationOf(log, did);
          const { seen_at: seenAt, agent } = seen.find((row) => row.did === did) ?? {};
          const askedAt = asks.find((row) => row.did === did && row.granted_at === null)?.asked_at;
          return {
            did,
            ...(seenAt !== undefined && { seenAt }),
            ...(found?.gen === log.gen && { until: found.exp }),
            ...(askedAt !== undefined && { askedAt }),
            ...describeCopies(
              copies.filter((row) => row.origin === origin && row.settled_at === null),
              agent,
            ),
          };
        }),
      );
    },
    async seen(did) {
      const at = now();
      if (Math.abs(at - (sightings.get(did) ?? -Infinity)) < sightingStep) return;
      sightings.set(did, at);
      await recordSighting(db, { id_tag: idTag, did, seen_at: at, agent: null });
    },
    async assertNotSuspended(log, did) {
      const origin = log.devices.get(did as Did)?.origin;
      const open = (await listSuspensions(db, idTag)).filter(({ settled_at }) => settled_at === null);
      if (origin !== undefined && open.some((row) => row.origin === origin)) throw suspension(origin);
    },
  };
}

/** The key that came second, as the entry names it that shows it. */
function describeSecond({ entry }: SuspensionRow): DeviceDescription {
  const { op } = parseLogEntry(entry);
  if (op.t !== 'renew') throw new Error('the evidence of a suspension is not a renewal');
  return op.device;
}

function describeCopies(
  rows: readonly SuspensionRow[],
  agent: string | null | undefined,
): Pick<DeviceState, 'suspended'> {
  const [first] = rows;
  if (!first) return {};
  const others = rows.map((row) => ({
    entry: row.entry,
    at: row.at,
    ...(row.agent && { agent: row.agent }),
  }));
  return { suspended: { at: first.at, ...(agent && { agent }), others } };
}
