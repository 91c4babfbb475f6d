import { IsletError } from '../errors.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { verifyCompact } from '../token/compact.ts';
import { actionTyp, assertTimes, type ParsedAction } from './action.ts';
import type { ReceivingContext } from './define.ts';

/** SPEC R4. @throws IsletError E-TOKEN-SIGNATURE */
export function verifyActionSignature({ token }: ParsedAction, key: CryptoKey): Promise<void> {
  return verifyCompact(token, actionTyp, key);
}

/** SPEC R4: what is addressed to somebody is taken by nobody else. @throws IsletError E-ACTION-AUDIENCE, E-TOKEN-TIME */
export function assertAddressed({ payload }: ParsedAction, tenant: IdTag, now: number): void {
  if (payload.iss === tenant)
    throw new IsletError('E-ACTION-ISSUER', 'an identity does not send to itself', payload.iss);
  if (payload.aud !== undefined && payload.aud !== tenant && payload.aud !== payload.iss)
    throw new IsletError('E-ACTION-AUDIENCE', 'it is addressed to somebody else', payload.aud);
  assertTimes(payload, now);
}

/** SPEC R2: relationship and subject. @throws IsletError E-ACTION-PERMISSION */
export function assertMayReceive({ payload, type }: ParsedAction, context: ReceivingContext): void {
  if (!type.fromStrangers && !context.following)
    throw new IsletError('E-ACTION-PERMISSION', 'from somebody who is not followed here', payload.iss);
  const refusal = type.refusal(payload, context);
  if (refusal !== undefined) throw new IsletError('E-ACTION-PERMISSION', refusal, payload.t);
}
