import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import { type Did, importDeviceKey, jwkToDid, publicJwkSchema, type Signer } from '../identity/did.ts';
import { type IdTag, idTagSchema } from '../identity/id-tag.ts';
import { findKey, type IdentityKey, importIdentityKey } from '../identity/key-set.ts';
import { parse } from '../parse.ts';
import {
  type CompactToken,
  parseCompact,
  signCompact,
  signSigningInput,
  statementId,
  verifyCompact,
} from '../token/compact.ts';
import { allows, capabilitiesSchema, type Capability, coversAll } from './capability.ts';

export const deviceLogTyp = 'device-log+jwt';

const didSchema = v.custom<Did>(
  (did) => typeof did === 'string' && /^did:key:z[1-9A-HJ-NP-Za-km-z]{60,80}$/.test(did),
  'not a did:key',
);
const hashSchema = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a hash'));
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A device as its log entry names it. `jwk` signs, `ecdh` is for sealing to it. */
export const deviceSchema = v.strictObject({
  did: didSchema,
  jwk: publicJwkSchema,
  ecdh: publicJwkSchema,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
});

export type DeviceDescription = v.InferOutput<typeof deviceSchema>;

/** SPEC L8: what the relay may say by itself: accept everyone who asks to connect, approve posts of members, pass on what members write. */
export const orderNames = ['connect', 'approve', 'vouch'] as const;
export type OrderName = (typeof orderNames)[number];

/** The type of action that an order lets the relay say. */
const orderedTypes: Readonly<Record<OrderName, string>> = { connect: 'CONN', approve: 'APRV', vouch: 'APRV' };

const operationSchema = v.variant('t', [
  v.strictObject({ t: v.literal('add'), device: deviceSchema, cap: capabilitiesSchema }),
  v.strictObject({ t: v.literal('remove'), did: didSchema }),
  v.strictObject({ t: v.literal('gen'), gen: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  v.strictObject({ t: v.literal('order'), order: v.picklist(orderNames), on: v.boolean() }),
]);

/** SPEC L1: one entry of the log, signed by the device `by`. */
const entrySchema = v.strictObject({
  v: v.literal(1),
  iss: idTagSchema,
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  prev: v.nullable(hashSchema),
  iat: seconds,
  by: didSchema,
  op: operationSchema,
});

export type LogEntry = v.InferOutput<typeof entrySchema>;
export type LogOperation = LogEntry['op'];

export interface EnrolledDevice extends DeviceDescription {
  readonly cap: readonly Capability[];
  /** Hash of the entry that added it: `prf` of its delegation. */
  readonly entry: string;
  readonly seq: number;
  /** Seconds since 1970, as the signing device stated. */
  readonly addedAt: number;
  readonly removedAt?: number;
}

/** What the entries up to `head` say. */
export interface DeviceLog {
  readonly idTag: IdTag;
  readonly length: number;
  /** Hash of the newest entry. */
  readonly head: string;
  readonly gen: number;
  /** When each generation began, in seconds, as the signing devices stated: `raised[0]` is that of generation 1. */
  readonly raised: readonly number[];
  readonly devices: ReadonlyMap<Did, EnrolledDevice>;
  /** Standing orders given and withdrawn, oldest first; `at` in seconds as the signing device stated. */
  readonly orders: readonly { readonly order: OrderName; readonly on: boolean; readonly at: number }[];
  /** Hash of every entry, in order. */
  readonly hashes: readonly string[];
}

/** The relay's confirmation: the identity key over the same bytes (SPEC L5). */
export const countersignatureSchema = v.strictObject({ k: v.string(), token: v.string() });
export type Countersignature = v.InferOutput<typeof countersignatureSchema>;

/** Signs the entry that follows `log`; `log` is undefined for the first one. */
export function signLogEntry(
  log: DeviceLog | undefined,
  entry: { iss: IdTag; iat: number; by: Did; op: LogOperation },
  sign: Signer,
): Promise<string> {
  const { iss, iat, by, op } = entry;
  const payload = { v: 1, iss, seq: log?.length ?? 0, prev: log?.head ?? null, iat, by, op };
  return signCompact(deviceLogTyp, payload, sign);
}

/** The device of this name that is enrolled and was not removed. */
export function findDevice(log: DeviceLog, did: string): EnrolledDevice | undefined {
  const device = log.devices.get(did as Did);
  return device && device.removedAt === undefined ? device : undefined;
}

/** The form of an entry alone: what it says, not whether it holds. @throws IsletError E-TOKEN-*, E-LOG-INVALID */
export function parseLogEntry(text: string): LogEntry {
  const token = parseCompact(text);
  if (token.typ !== deviceLogTyp) throw new IsletError('E-TOKEN-TYPE', 'not a device log entry', token.typ);
  return parse(entrySchema, token.payload, 'E-LOG-INVALID');
}

/** SPEC L7, in seconds: a removal that was dated back would unprove what was said before it. @throws IsletError E-TOKEN-TIME */
export function assertEntryTime({ iat }: LogEntry, now: number): void {
  if (Math.abs(iat - now) > 300)
    throw new IsletError(
      'E-TOKEN-TIME',
      'the clocks of device and relay differ by more than five minutes',
      iat,
    );
}

/**
 * SPEC L1–L4: appends one signed entry. Pure; the given log is not changed.
 * @throws IsletError E-LOG-INVALID (form), E-LOG-FORK (another place in the chain), E-LOG-PERMISSION (who signed)
 */
export async function appendLogEntry(
  idTag: IdTag,
  log: DeviceLog | undefined,
  text: string,
): Promise<DeviceLog> {
  const token = parseCompact(text);
  const entry = parse(entrySchema, token.payload, 'E-LOG-INVALID');
  if (entry.iss !== idTag)
    throw new IsletError('E-LOG-INVALID', 'the entry belongs to another identity', entry.iss);
  if (entry.seq !== (log?.length ?? 0) || entry.prev !== (log?.head ?? null))
    throw new IsletError('E-LOG-FORK', 'the entry does not continue this log', {
      seq: entry.seq,
      prev: entry.prev,
    });
  await assertSigner(log, entry, token);
  return applyEntry(idTag, log, entry, await statementId(token));
}

async function assertSigner(log: DeviceLog | undefined, entry: LogEntry, token: CompactToken): Promise<void> {
  const { op, by } = entry;
  if (op.t === 'add' && jwkToDid(op.device.jwk) !== op.device.did)
    throw new IsletError('E-LOG-INVALID', 'the did does not name the key', op.device.did);
  if (op.t === 'add') await Promise.all([importDeviceKey(op.device.jwk), importDeviceKey(op.device.ecdh)]);
  if (!log) return assertFirst(entry, token);
  const signer = findDevice(log, by);
  const leaves = op.t === 'remove' && op.did === by;
  if (!signer || !(leaves || op.t === 'order' || allows(signer.cap, 'device/enrol', '*')))
    throw new IsletError('E-LOG-PERMISSION', 'signed by a device that may not enrol', by);
  if (op.t === 'order' && !allows(signer.cap, 'action/create', `type:${orderedTypes[op.order]}`))
    throw new IsletError('E-LOG-PERMISSION', 'signed by a device that may not say this itself', by);
  if (op.t === 'add' && !coversAll(signer.cap, op.cap))
    throw new IsletError('E-LOG-PERMISSION', 'grants more than the device that signs has', op.cap);
  await verifyCompact(token, deviceLogTyp, await importDeviceKey(signer.jwk));
}

/** SPEC L8: whether an order stands, as of `at` (seconds). */
export function isOrdered(log: Pick<DeviceLog, 'orders'>, order: OrderName, at: number): boolean {
  return log.orders.findLast((entry) => entry.order === order && entry.at <= at)?.on ?? false;
}

/** SPEC L2: the first entry adds the device that signs it, and that device may enrol. */
async function assertFirst({ op, by }: LogEntry, token: CompactToken): Promise<void> {
  if (op.t !== 'add' || op.device.did !== by || !allows(op.cap, 'device/enrol', '*'))
    throw new IsletError('E-LOG-INVALID', 'the first entry adds the device that signs it');
  await verifyCompact(token, deviceLogTyp, await importDeviceKey(op.device.jwk));
}

function applyEntry(idTag: IdTag, log: DeviceLog | undefined, entry: LogEntry, hash: string): DeviceLog {
  const { op } = entry;
  const devices = new Map(log?.devices);
  if (op.t === 'add') {
    if (devices.has(op.device.did))
      throw new IsletError('E-LOG-INVALID', 'the device is in the log already', op.device.did);
    devices.set(op.device.did, {
      ...op.device,
      cap: op.cap,
      entry: hash,
      seq: entry.seq,
      addedAt: entry.iat,
    });
  }
  if (op.t === 'remove') {
    const device = devices.get(op.did);
    if (!device || device.removedAt !== undefined)
      throw new IsletError('E-LOG-INVALID', 'no such device to remove', op.did);
    devices.set(op.did, { ...device, removedAt: entry.iat });
    assertSomebodyEnrols(devices);
  }
  if (op.t === 'gen' && op.gen !== (log?.gen ?? 0) + 1)
    throw new IsletError('E-LOG-INVALID', 'a generation rises by one', op.gen);
  const gen = op.t === 'gen' ? op.gen : (log?.gen ?? 0);
  const raised = op.t === 'gen' ? [...(log?.raised ?? []), entry.iat] : (log?.raised ?? []);
  const hashes = [...(log?.hashes ?? []), hash];
  const orders =
    op.t === 'order'
      ? [...(log?.orders ?? []), { order: op.order, on: op.on, at: entry.iat }]
      : (log?.orders ?? []);
  return { idTag, length: hashes.length, head: hash, gen, raised, devices, orders, hashes };
}

/** SPEC L4: without a device that may enrol, nobody could ever come in again. */
function assertSomebodyEnrols(devices: ReadonlyMap<Did, EnrolledDevice>): void {
  const enrolling = ({ removedAt, cap }: EnrolledDevice) =>
    removedAt === undefined && allows(cap, 'device/enrol', '*');
  if (![...devices.values()].some(enrolling))
    throw new IsletError('E-LOG-INVALID', 'the last device that may let others in stays');
}

/** The whole chain from its first entry. @throws IsletError as appendLogEntry */
export async function verifyDeviceLog(idTag: IdTag, entries: readonly string[]): Promise<DeviceLog> {
  let log: DeviceLog | undefined;
  for (const entry of entries) log = await appendLogEntry(idTag, log, entry);
  if (!log) throw new IsletError('E-LOG-INVALID', 'the device log is empty');
  return log;
}

/** SPEC L6: whoever pinned `head` sees at a later log whether it was rewritten. */
export function continuesPinned(log: DeviceLog, pinned: { length: number; head: string }): boolean {
  return log.hashes[pinned.length - 1] === pinned.head;
}

/** SPEC L5. */
export async function countersignLogEntry(text: string, k: string, sign: Signer): Promise<Countersignature> {
  return { k, token: await signSigningInput(parseCompact(text).signingInput, sign) };
}

/** SPEC L5. @throws IsletError when the countersignature is of other bytes or of another key */
export async function verifyLogCountersignature(
  text: string,
  { k, token }: Countersignature,
  keys: readonly IdentityKey[],
): Promise<void> {
  const countersigned = parseCompact(token);
  const entry = parse(entrySchema, countersigned.payload, 'E-LOG-INVALID');
  if (countersigned.signingInput !== parseCompact(text).signingInput)
    throw new IsletError('E-LOG-INVALID', 'the countersignature is of another entry');
  await verifyCompact(countersigned, deviceLogTyp, await importIdentityKey(findKey(keys, k, entry.iat)));
}
