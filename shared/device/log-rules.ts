import { IsletError } from '../errors.ts';
import { type Did, importDeviceKey, jwkToDid, type PublicJwk } from '../identity/did.ts';
import { type CompactToken, verifyCompact } from '../token/compact.ts';
import { allows, type Capability, coversAll, everything } from './capability.ts';
import type { DeviceLog, EnrolledDevice, EnrolmentKey, LogEntry, OrderName } from './device-log.ts';

/** The `typ` of an entry. */
export const deviceLogTyp = 'device-log+jwt';

/** The type of action that an order lets the relay say. */
const orderedTypes: Readonly<Record<OrderName, string>> = { connect: 'CONN', approve: 'APRV', vouch: 'APRV' };

/** SPEC L9: what the recovery key may sign. A password and a passkey let a device in, and no more. */
const recoveryOps: readonly LogEntry['op']['t'][] = ['add', 'remove', 'gen', 'change', 'key', 'unkey'];

/** Who signs: a device or an enrolment key, and the most that it can grant. */
interface Author {
  readonly jwk: PublicJwk;
  readonly cap: readonly Capability[];
  /** The device; undefined for an enrolment key. */
  readonly device?: EnrolledDevice;
  readonly key?: EnrolmentKey;
}

/**
 * SPEC L2, L3, L8–L12: whether the entry is signed by somebody who may say it.
 * @throws IsletError E-LOG-INVALID, E-LOG-PERMISSION, E-KEY-UNKNOWN, E-TOKEN-SIGNATURE
 */
export async function assertSigner(
  log: DeviceLog | undefined,
  entry: LogEntry,
  token: CompactToken,
): Promise<void> {
  await assertNamesKeys(entry.op);
  if (!log) return assertFirst(entry, token);
  const author = findAuthor(log, entry.by);
  assertMaySay(log, entry, author);
  await verifyCompact(token, deviceLogTyp, await importDeviceKey(author.jwk));
}

/** What comes in is named by its key, and its keys are points of the curve. */
async function assertNamesKeys(op: LogEntry['op']): Promise<void> {
  const named = op.t === 'key' ? op.key : op.t === 'add' || op.t === 'renew' ? op.device : undefined;
  if (!named) return;
  if (jwkToDid(named.jwk) !== named.did)
    throw new IsletError('E-LOG-INVALID', 'the did does not name the key', named.did);
  await Promise.all([importDeviceKey(named.jwk), importDeviceKey(named.ecdh)]);
}

/** SPEC L2: the first entry adds the device that signs it, and that device may enrol. */
async function assertFirst({ op, by }: LogEntry, token: CompactToken): Promise<void> {
  if (op.t !== 'add' || op.device.did !== by || !allows(op.cap, 'device/enrol', '*'))
    throw new IsletError('E-LOG-INVALID', 'the first entry adds the device that signs it');
  await verifyCompact(token, deviceLogTyp, await importDeviceKey(op.device.jwk));
}

function findAuthor(log: DeviceLog, by: Did): Author {
  const device = log.devices.get(by);
  if (device && device.removedAt === undefined) return { jwk: device.jwk, cap: device.cap, device };
  const key = log.keys.get(by);
  if (key && key.removedAt === undefined) return { jwk: key.jwk, cap: everything, key };
  throw new IsletError('E-LOG-PERMISSION', 'signed by a key that is not in the log, or not any more', by);
}

function assertMaySay(log: DeviceLog, { op, by }: LogEntry, { cap, key, device }: Author): void {
  if (key && !(key.kind === 'recovery' ? recoveryOps : ['add']).includes(op.t))
    throw new IsletError('E-LOG-PERMISSION', `a ${key.kind} key does not say this`, op.t);
  if (!key && !saysOfItself(op, by) && op.t !== 'order' && !allows(cap, 'device/enrol', '*'))
    throw new IsletError('E-LOG-PERMISSION', 'signed by a device that may not enrol', by);
  if (op.t === 'order' && !allows(cap, 'action/create', `type:${orderedTypes[op.order]}`))
    throw new IsletError('E-LOG-PERMISSION', 'signed by a device that may not say this itself', by);
  if (op.t === 'add' && !coversAll(cap, op.cap))
    throw new IsletError('E-LOG-PERMISSION', 'grants more than the device that signs has', op.cap);
  if (op.t === 'key' && !coversAll(cap, everything))
    throw new IsletError('E-LOG-PERMISSION', 'only a device that may do everything adds a key', by);
  assertNotLonger(op, device?.until);
  if (op.t === 'change') assertNarrows(log, op);
  if (op.t === 'renew') assertSameSealing(log, op, by);
}

/** SPEC L3, L9: who is in for a time lets nobody in for longer, and makes nothing that would let it in again. */
function assertNotLonger(op: LogEntry['op'], end: number | undefined): void {
  if (end === undefined) return;
  if (op.t === 'add' && (op.until ?? Infinity) > end)
    throw new IsletError('E-LOG-PERMISSION', 'a device that is in for a time lets none in for longer', end);
  if (op.t === 'key')
    throw new IsletError('E-LOG-PERMISSION', 'a device that is in for a time adds no key', end);
}

/** SPEC L10: what was sealed to the device stays open to it, and to nobody else. */
function assertSameSealing(log: DeviceLog, op: Extract<LogEntry['op'], { t: 'renew' }>, by: Did): void {
  const before = log.devices.get(by)?.ecdh;
  if (op.device.ecdh.x !== before?.x || op.device.ecdh.y !== before.y)
    throw new IsletError('E-LOG-INVALID', 'a renewal keeps the key for sealing', op.device.did);
}

/** What any device may say of itself: that it leaves, has new keys, another name, may do less. */
function saysOfItself(op: LogEntry['op'], by: Did): boolean {
  return op.t === 'renew' || ((op.t === 'remove' || op.t === 'change') && op.did === by);
}

/** SPEC L11. */
function assertNarrows(log: DeviceLog, { did, cap, until }: Extract<LogEntry['op'], { t: 'change' }>): void {
  const device = log.devices.get(did);
  if (!device || device.removedAt !== undefined)
    throw new IsletError('E-LOG-INVALID', 'no such device to change', did);
  if (cap && !coversAll(device.cap, cap))
    throw new IsletError('E-LOG-PERMISSION', 'a device is given less, never more', cap);
  if (until !== undefined && device.until !== undefined && until > device.until)
    throw new IsletError('E-LOG-PERMISSION', 'a device is given less time, never more', until);
}

/** What the log says once the entry is in it. @throws IsletError E-LOG-INVALID */
export function applyEntry(log: DeviceLog | undefined, entry: LogEntry, hash: string): DeviceLog {
  const { op, iss, iat } = entry;
  if (op.t === 'gen' && op.gen !== (log?.gen ?? 0) + 1)
    throw new IsletError('E-LOG-INVALID', 'a generation rises by one', op.gen);
  const hashes = [...(log?.hashes ?? []), hash];
  const raised = log?.raised ?? [];
  const orders = log?.orders ?? [];
  const devices = applyToDevices(log, entry, hash);
  assertSomebodyEnrols(devices);
  return {
    ...{ idTag: iss, length: hashes.length, head: hash, hashes, devices, keys: applyToKeys(log, entry) },
    gen: op.t === 'gen' ? op.gen : (log?.gen ?? 0),
    raised: op.t === 'gen' ? [...raised, iat] : raised,
    orders: op.t === 'order' ? [...orders, { order: op.order, on: op.on, at: iat }] : orders,
  };
}

type Devices = ReadonlyMap<Did, EnrolledDevice>;

function applyToDevices(log: DeviceLog | undefined, entry: LogEntry, hash: string): Devices {
  const { op, by, iat, seq } = entry;
  const devices = new Map(log?.devices);
  const place = { entry: hash, seq, addedAt: iat };
  switch (op.t) {
    case 'add': {
      assertNew(log, op.device.did);
      const { cap, until } = op;
      const grants = [{ cap, until, from: iat }];
      return devices.set(op.device.did, {
        ...op.device,
        cap,
        until,
        grants,
        origin: op.device.did,
        ...place,
      });
    }
    case 'renew': {
      assertNew(log, op.device.did);
      const { cap, until, grants, origin, ...before } = findIn(devices, by);
      devices.set(by, { ...before, cap, until, grants, origin, removedAt: iat, renewedBy: op.device.did });
      return devices.set(op.device.did, { ...op.device, cap, until, grants, origin, ...place });
    }
    case 'remove':
      return devices.set(op.did, {
        ...findIn(devices, op.did),
        removedAt: iat,
        ...(op.wipe && { wipe: op.wipe }),
      });
    case 'change': {
      const device = findIn(devices, op.did);
      const { name = device.name, cap = device.cap, until = device.until } = op;
      const grants =
        op.cap || op.until !== undefined ? [...device.grants, { cap, until, from: iat }] : device.grants;
      return devices.set(op.did, { ...device, name, cap, until, grants });
    }
    default:
      return devices;
  }
}

function applyToKeys(log: DeviceLog | undefined, { op, iat }: LogEntry): ReadonlyMap<Did, EnrolmentKey> {
  const keys = new Map(log?.keys);
  if (op.t === 'key') {
    assertNew(log, op.key.did);
    keys.set(op.key.did, { ...op.key, addedAt: iat });
  }
  if (op.t === 'unkey') {
    const key = keys.get(op.did);
    if (!key || key.removedAt !== undefined)
      throw new IsletError('E-LOG-INVALID', 'no such key to take away', op.did);
    keys.set(op.did, { ...key, removedAt: iat });
  }
  return keys;
}

function findIn(devices: Devices, did: Did): EnrolledDevice {
  const device = devices.get(did);
  if (!device || device.removedAt !== undefined)
    throw new IsletError('E-LOG-INVALID', 'no such device in the log', did);
  return device;
}

/** SPEC L4. */
function assertNew(log: DeviceLog | undefined, did: Did): void {
  if (log?.devices.has(did) || log?.keys.has(did))
    throw new IsletError('E-LOG-INVALID', 'the key is in the log already', did);
}

/** SPEC L4: without a device that may enrol, and goes on doing so, nobody could ever come in again. */
function assertSomebodyEnrols(devices: Devices): void {
  const enrolling = ({ removedAt, cap, until }: EnrolledDevice) =>
    removedAt === undefined && until === undefined && allows(cap, 'device/enrol', '*');
  if (![...devices.values()].some(enrolling))
    throw new IsletError('E-LOG-INVALID', 'the last device that may let others in stays');
}
