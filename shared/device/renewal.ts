import { IsletError } from '../errors.ts';
import { type Did, importDeviceKey, jwkToDid } from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { parseCompact, verifyCompact } from '../token/compact.ts';
import { delegationLifetime } from './delegation.ts';
import {
  assertEntryTime,
  type DeviceDescription,
  type DeviceLog,
  type EnrolledDevice,
  findDevice,
  findLine,
  parseLogEntry,
} from './device-log.ts';
import { deviceLogTyp } from './log-rules.ts';

/** What the relay knows of the device that renews, besides the device log. */
export interface RenewalStanding {
  /** Newest delegation that was not withdrawn; `exp` in seconds. */
  readonly delegation: { readonly gen: number; readonly exp: number } | undefined;
  /** A person said that it may come back (SPEC G11). */
  readonly readmitted: boolean;
  /** Its keys were seen in two places (SPEC G10). */
  readonly suspended: boolean;
  /** That was settled: somebody said which keys are right. */
  readonly settled: boolean;
}

export interface Renewal {
  /** `same`: it is in the log already, the answer was lost. `second`: somebody else has the old key too. */
  readonly verdict: 'new' | 'same' | 'second';
  /** The device as it is named before. */
  readonly device: EnrolledDevice;
  readonly next: DeviceDescription;
}

/** SPEC G8, in seconds: from then on a device renews its delegation. */
export function renewalTime({ nbf, exp }: { nbf: number; exp: number }): number {
  return exp - Math.min(exp - nbf, delegationLifetime) / 2;
}

/**
 * SPEC G8–G11: what an entry `renew` that comes by itself means. Pure; every refusal says why. `now` in seconds.
 * @throws IsletError E-LOG-INVALID, E-TOKEN-TIME, E-LOG-PERMISSION, E-TOKEN-SIGNATURE, E-DELEGATION-REVOKED, -SUSPENDED, -EXPIRED
 */
export async function judgeRenewal(
  text: string,
  context: { idTag: IdTag; log: DeviceLog; now: number },
  standingOf: (device: EnrolledDevice) => Promise<RenewalStanding>,
): Promise<Renewal> {
  const { log, now } = context;
  const { device, next } = await readRenewal(text, context);
  const standing = await standingOf(device);
  if (device.renewedBy !== undefined)
    return { verdict: judgeAgain(log, device, next, standing), device, next };
  if (device.removedAt !== undefined)
    throw new IsletError('E-DELEGATION-REVOKED', 'the device was removed', device.did);
  assertNotSuspended(standing, device);
  if ((device.until ?? Infinity) < now)
    throw new IsletError(
      'E-DELEGATION-EXPIRED',
      'the device was let in for a time that is over',
      device.until,
    );
  if (!standing.readmitted) assertHeld(log, standing, now);
  return { verdict: 'new', device, next };
}

/**
 * SPEC G10: the keys that came second, as the entry shows that the relay keeps of them: signed by a key that this line had before, and with
 * the pair for sealing that it has. So a relay cannot have a person call keys of its own the right ones.
 * @throws IsletError E-LOG-INVALID, E-LOG-PERMISSION, E-TOKEN-SIGNATURE
 */
export async function readSecond(
  text: string,
  { log, origin }: { log: DeviceLog; origin: Did },
): Promise<DeviceDescription> {
  const { device, next } = await readRenewal(text, { idTag: log.idTag, log });
  if (device.origin !== origin || device.renewedBy === undefined || device.renewedBy === next.did)
    throw new IsletError('E-LOG-INVALID', 'not a second renewal of this device', next.did);
  if (jwkToDid(next.ecdh) !== jwkToDid(device.ecdh))
    throw new IsletError('E-LOG-INVALID', 'another pair for sealing', next.did);
  return next;
}

/** Form, time (when `now` is given) and signature. */
async function readRenewal(
  text: string,
  { idTag, log, now }: { idTag: IdTag; log: DeviceLog; now?: number },
): Promise<{ device: EnrolledDevice; next: DeviceDescription }> {
  const entry = parseLogEntry(text);
  const { op, iss, by } = entry;
  if (op.t !== 'renew' || iss !== idTag)
    throw new IsletError('E-LOG-INVALID', 'not a renewal of a device of this identity', op.t);
  if (now !== undefined) assertEntryTime(entry, now);
  const device = log.devices.get(by);
  if (!device) throw new IsletError('E-LOG-PERMISSION', 'signed by a key that is not in the log', by);
  if (jwkToDid(op.device.jwk) !== op.device.did)
    throw new IsletError('E-LOG-INVALID', 'the did does not name the key', op.device.did);
  await verifyCompact(parseCompact(text), deviceLogTyp, await importDeviceKey(device.jwk));
  return { device, next: op.device };
}

/** The old key speaks again although another has taken its place. */
function judgeAgain(
  log: DeviceLog,
  device: EnrolledDevice,
  next: DeviceDescription,
  standing: RenewalStanding,
): 'same' | 'second' {
  if (!findLine(log, device.origin))
    throw new IsletError('E-DELEGATION-REVOKED', 'the device was removed', device.did);
  if (next.did !== device.renewedBy) {
    if (standing.settled)
      throw new IsletError('E-DELEGATION-REVOKED', 'other keys were said to be the right ones', device.did);
    return 'second';
  }
  assertNotSuspended(standing, device);
  if (!findDevice(log, next.did))
    throw new IsletError('E-DELEGATION-REVOKED', 'this key has been renewed since', next.did);
  return 'same';
}

function assertNotSuspended({ suspended }: RenewalStanding, { origin }: EnrolledDevice): void {
  if (suspended) throw suspension(origin);
}

/** SPEC G10: what every use of a suspended line is refused with. */
export function suspension(origin: string): IsletError {
  const words = 'the keys of this device were used in two places: somebody has to say which are right';
  return new IsletError('E-DELEGATION-SUSPENDED', words, origin);
}

function assertHeld(log: DeviceLog, { delegation }: RenewalStanding, now: number): void {
  if (!delegation || delegation.gen !== log.gen)
    throw new IsletError('E-DELEGATION-REVOKED', 'the delegation is of an older generation', delegation?.gen);
  if (delegation.exp < now)
    throw new IsletError('E-DELEGATION-EXPIRED', 'the delegation has ended', delegation.exp);
}
