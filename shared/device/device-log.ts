import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import { type Did, publicJwkSchema, type Signer } from '../identity/did.ts';
import { type IdTag, idTagSchema } from '../identity/id-tag.ts';
import { findKey, type IdentityKey, importIdentityKey } from '../identity/key-set.ts';
import { parse } from '../parse.ts';
import { parseCompact, signCompact, signSigningInput, statementId, verifyCompact } from '../token/compact.ts';
import { capabilitiesSchema, type Capability } from './capability.ts';
import { applyEntry, assertSigner, deviceLogTyp } from './log-rules.ts';

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
  kind: v.optional(v.picklist(['phone', 'tablet', 'computer'])),
});

export type DeviceDescription = v.InferOutput<typeof deviceSchema>;

/** SPEC L8: what the relay may say by itself: accept everyone who asks to connect, approve posts of members, pass on what members write. */
export const orderNames = ['connect', 'approve', 'vouch'] as const;
export type OrderName = (typeof orderNames)[number];

/**
 * SPEC L9: a key that lets devices in and says nothing else: that of the recovery kit, or one that a password or a passkey opens. `jwk` signs,
 * `ecdh` is for sealing to it.
 */
export const enrolmentKeySchema = v.strictObject({
  did: didSchema,
  jwk: publicJwkSchema,
  ecdh: publicJwkSchema,
  kind: v.picklist(['recovery', 'password', 'passkey']),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
});

export type EnrolmentKeyDescription = v.InferOutput<typeof enrolmentKeySchema>;

const operationSchema = v.variant('t', [
  /** `until`, in seconds: no delegation of the device reaches beyond it. */
  v.strictObject({
    t: v.literal('add'),
    device: deviceSchema,
    cap: capabilitiesSchema,
    until: v.optional(seconds),
  }),
  /** `wipe`: the device is lost; what it holds is to be deleted at its next contact (SPEC L12). */
  v.strictObject({ t: v.literal('remove'), did: didSchema, wipe: v.optional(v.literal(true)) }),
  /** The device that signs has new keys from here on (SPEC L10). */
  v.strictObject({ t: v.literal('renew'), device: deviceSchema }),
  /** Another name; fewer capabilities; an earlier end (SPEC L11). */
  v.strictObject({
    t: v.literal('change'),
    did: didSchema,
    name: v.optional(deviceSchema.entries.name),
    cap: v.optional(capabilitiesSchema),
    until: v.optional(seconds),
  }),
  v.strictObject({ t: v.literal('key'), key: enrolmentKeySchema }),
  v.strictObject({ t: v.literal('unkey'), did: didSchema }),
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

/** What a device may do, and from when on, in seconds as the signing device stated. */
export interface DeviceGrant {
  readonly cap: readonly Capability[];
  readonly until?: number | undefined;
  readonly from: number;
}

export interface EnrolledDevice extends DeviceDescription {
  readonly cap: readonly Capability[];
  /** No delegation reaches beyond it, seconds. */
  readonly until?: number | undefined;
  /** Oldest first; the last one is `cap` and `until`. */
  readonly grants: readonly DeviceGrant[];
  /** The name under which the device first came in: it stays when its keys are renewed. */
  readonly origin: Did;
  /** Hash of the entry that added or renewed it: `prf` of its delegation. */
  readonly entry: string;
  readonly seq: number;
  /** Seconds since 1970, as the signing device stated. */
  readonly addedAt: number;
  /** Since then nothing it says counts: it was removed, or has other keys (`renewedBy`). */
  readonly removedAt?: number;
  readonly renewedBy?: Did;
  /** It was removed as lost. */
  readonly wipe?: true;
}

export interface EnrolmentKey extends EnrolmentKeyDescription {
  /** Seconds. */
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
  /** Keys that only let devices in (SPEC L9). */
  readonly keys: ReadonlyMap<Did, EnrolmentKey>;
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

/** The devices that are in, oldest first. */
export function listDevices(log: DeviceLog): EnrolledDevice[] {
  return [...log.devices.values()].filter(({ removedAt }) => removedAt === undefined);
}

/** The device that came in under the name `origin`, with the keys that it has now. */
export function findLine(log: DeviceLog, origin: string): EnrolledDevice | undefined {
  return listDevices(log).find((device) => device.origin === origin);
}

/** Whether the device that once had this name is in, under whatever keys. */
export function isStillIn(log: DeviceLog, did: string): boolean {
  const origin = log.devices.get(did as Did)?.origin;
  return origin !== undefined && findLine(log, origin) !== undefined;
}

/** The key of this name that lets devices in and was not taken away. */
export function findEnrolmentKey(log: DeviceLog, did: string): EnrolmentKey | undefined {
  const key = log.keys.get(did as Did);
  return key && key.removedAt === undefined ? key : undefined;
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
 * SPEC L1–L4, L9–L12: appends one signed entry. Pure; the given log is not changed.
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
  return applyEntry(log, entry, await statementId(token));
}

/** SPEC L8: whether an order stands, as of `at` (seconds). */
export function isOrdered(log: Pick<DeviceLog, 'orders'>, order: OrderName, at: number): boolean {
  return log.orders.findLast((entry) => entry.order === order && entry.at <= at)?.on ?? false;
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
