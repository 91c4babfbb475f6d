import * as v from 'valibot';
import { allows } from '../device/capability.ts';
import { type Grant, parseDelegation, verifyChain } from '../device/delegation.ts';
import {
  countersignatureSchema,
  type DeviceLog,
  type EnrolledDevice,
  isOrdered,
  type OrderName,
  orderNames,
  verifyDeviceLog,
} from '../device/device-log.ts';
import { IsletError } from '../errors.ts';
import { importDeviceKey } from '../identity/did.ts';
import { findKey, importIdentityKey, type IdentityKey } from '../identity/key-set.ts';
import { parseCompact, verifyCompact } from '../token/compact.ts';
import { actionTyp, type ParsedAction, parseAction } from './action.ts';

const logSchema = v.pipe(
  v.array(v.object({ entry: v.string(), countersignature: countersignatureSchema })),
  v.maxLength(500),
);

/** SPEC F1: what shows that a device of the issuer said it. Served beside the token, never inside. */
const draftProofSchema = v.object({
  /** The device's signature over `header.payload`, base64url. */
  signature: v.pipe(v.string(), v.regex(/^[\w-]{128}$/, 'not a signature')),
  delegations: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(4)),
  /** The issuer's device log, from the first entry. */
  log: logSchema,
});

/** SPEC F3: what shows that the relay was told to say it. */
const orderProofSchema = v.object({ order: v.picklist(orderNames), log: logSchema });

export const proofSchema = v.union([draftProofSchema, orderProofSchema]);
export type ActionProof = v.InferOutput<typeof proofSchema>;
type DraftProof = v.InferOutput<typeof draftProofSchema>;

export interface ProvenBy {
  /** The enrolled device at the start of the chain; undefined for what was ordered. */
  readonly device?: EnrolledDevice;
  readonly grant?: Grant;
  /** The standing order under which the relay spoke. */
  readonly order?: OrderName;
  readonly logHead: string;
  readonly logLength: number;
}

/**
 * SPEC F2, F3: token, device signature, delegation and device log belong together; or the order stood when the relay spoke.
 * A device that was removed later still proves what it said before.
 * @throws IsletError with the reason
 */
export async function verifyProof(
  text: string,
  proof: ActionProof,
  keys: readonly IdentityKey[],
): Promise<ProvenBy> {
  const action = await parseAction(text);
  const { token, payload, type } = action;
  await verifyCompact(token, actionTyp, await importIdentityKey(findKey(keys, payload.k, payload.iat)));
  const entries = proof.log.map(({ entry }) => entry);
  const log = await verifyDeviceLog(payload.iss, entries);
  const seen = { logHead: log.head, logLength: log.length };
  if ('signature' in proof) return { ...(await verifyDraftProof(action, proof, { keys, log })), ...seen };
  const { order } = proof;
  if (type.order?.(payload) !== order || !isOrdered(log, order, payload.iat))
    throw new IsletError('E-ACTION-VOICE', 'no device ordered the relay to say this', payload.t);
  return { order, ...seen };
}

async function verifyDraftProof(
  { token, payload, type }: ParsedAction,
  { delegations, signature }: DraftProof,
  { keys, log }: { keys: readonly IdentityKey[]; log: DeviceLog },
): Promise<{ grant: Grant; device: EnrolledDevice }> {
  const root = parseDelegation(delegations[0]!);
  const then = {
    ...log,
    gen: generationAsOf(log, root.gen, payload.iat),
    devices: new Map([...log.devices].map(([did, device]) => [did, asOf(device, payload.iat)])),
  };
  const grant = await verifyChain(delegations, { idTag: payload.iss, keys, log: then, at: payload.iat });
  if (!allows(grant.cap, 'action/create', `type:${type.type}`, payload.aud))
    throw new IsletError('E-DELEGATION-SCOPE', `the device may not create ${type.type}`, payload.t);
  const draft = parseCompact(`${token.signingInput}.${signature}`);
  await verifyCompact(draft, actionTyp, await importDeviceKey(grant.jwk));
  const device = [...log.devices.values()].find(({ did }) => did === root.sub);
  if (!device)
    throw new IsletError('E-DELEGATION-INVALID', 'the device log does not have this device', root.sub);
  return { grant, device };
}

/**
 * A delegation of an older generation holds for what was said before that generation ended; a newer one than the
 * clocks allow is taken, because the clock of the device may be behind that of the one that raised it.
 */
function generationAsOf(log: DeviceLog, stated: number, time: number): number {
  const least = log.raised.filter((at) => at <= time).length;
  return Math.max(least, Math.min(log.gen, stated));
}

/** The device as the log had it then: not yet removed, and with what it was granted at that time. */
function asOf(device: EnrolledDevice, time: number): EnrolledDevice {
  const { removedAt, ...rest } = device;
  const { cap, until } = device.grants.findLast(({ from }) => from <= time) ?? device.grants[0]!;
  const gone = removedAt !== undefined && removedAt <= time;
  return { ...rest, cap, until, ...(gone && { removedAt }) };
}
