import { allows } from '../device/capability.ts';
import type { DeviceLog } from '../device/device-log.ts';
import { type Grant, lateDraftWindow, type Proven, verifyChain } from '../device/delegation.ts';
import { IsletError } from '../errors.ts';
import { importDeviceKey, type Signer } from '../identity/did.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { findKey, type IdentityKey } from '../identity/key-set.ts';
import { formatSigningInput, signSigningInput, verifyCompact } from '../token/compact.ts';
import {
  actionTyp,
  assertTimes,
  formatPayload,
  isListed,
  type ParsedAction,
  type Statement,
} from './action.ts';

/** SPEC D1–D2: the device's signature over the exact bytes of the token to be. */
export function signDraft(iss: IdTag, k: string, statement: Statement, sign: Signer): Promise<string> {
  return signSigningInput(formatSigningInput(actionTyp, formatPayload(iss, k, statement)), sign);
}

export interface CountersignContext {
  readonly tenant: IdTag;
  /** The keys the relay holds and lists for the tenant. */
  readonly keys: readonly IdentityKey[];
  readonly log: DeviceLog;
  /** Delegations of the device that asks, the one from the identity first. */
  readonly chain: readonly string[];
  readonly revoked?: ReadonlySet<string>;
  readonly proven?: Proven;
  /** Seconds since 1970. */
  readonly now: number;
}

const nonce = /^[\w-]{22}$/;

/**
 * SPEC D4: whether the relay may put the identity's name under this draft. The caller has looked for `(iss, _)`
 * before (SPEC D5) and knows that the access token is of the device at the end of `chain`.
 * @throws IsletError E-ACTION-ISSUER, -VOICE, -FIELDS, E-KEY-UNKNOWN, E-TOKEN-TIME, E-DELEGATION-*, E-TOKEN-SIGNATURE
 */
export async function assertMayCountersign(draft: ParsedAction, context: CountersignContext): Promise<Grant> {
  const { payload, type, token } = draft;
  const { tenant, keys, now } = context;
  if (payload.iss !== tenant)
    throw new IsletError('E-ACTION-ISSUER', 'the draft speaks for another identity', payload.iss);
  if (type.raw || !isListed(type, payload.t))
    throw new IsletError('E-ACTION-TYPE', 'this type of action is not known here', payload.t);
  if (type.voice !== 'device')
    throw new IsletError('E-ACTION-VOICE', 'devices do not draft this type', payload.t);
  if (payload._ === undefined || !nonce.test(payload._))
    throw new IsletError('E-ACTION-FIELDS', 'a draft carries a random 128-bit `_`', payload._);
  if (payload.v === undefined) throw new IsletError('E-ACTION-FIELDS', 'a draft states its visibility `v`');
  assertCanonical(draft, payload.v, payload._);
  findKey(keys, payload.k, now);
  assertTimes(payload, now);
  const grant = await verifyChain(context.chain, { ...context, idTag: tenant, at: payload.iat });
  if (now > grant.exp + lateDraftWindow)
    throw new IsletError('E-DELEGATION-EXPIRED', 'the delegation ended more than a week ago', grant.exp);
  if (!allows(grant.cap, 'action/create', `type:${type.type}`, payload.aud))
    throw new IsletError('E-DELEGATION-SCOPE', `this device may not create ${type.type}`, payload.t);
  await verifyCompact(token, actionTyp, await importDeviceKey(grant.jwk));
  return grant;
}

/** SPEC D2: nothing that is not in the list and nothing twice, so that every reader finds the same statement in the bytes. */
function assertCanonical({ payload, token }: ParsedAction, v: Statement['v'], _: string): void {
  const canonical = formatPayload(payload.iss, payload.k, { ...payload, v, _ });
  if (formatSigningInput(actionTyp, canonical) !== token.signingInput)
    throw new IsletError('E-ACTION-FIELDS', 'the members of the draft do not stand as D2 says');
}

/** SPEC D3: the token: the same bytes under the identity key. */
export function countersign(draft: ParsedAction, sign: Signer): Promise<string> {
  return signSigningInput(draft.token.signingInput, sign);
}
