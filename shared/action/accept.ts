import { IsletError } from '../errors.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { verifyCompact } from '../token/compact.ts';
import { actionTyp, assertTimes, type ParsedAction } from './action.ts';
import { baseType, isContact, isEnd, type ReceivingContext, type SendingContext } from './define.ts';

/** SPEC R4. @throws IsletError E-TOKEN-SIGNATURE */
export function verifyActionSignature({ token }: ParsedAction, key: CryptoKey): Promise<void> {
  return verifyCompact(token, actionTyp, key);
}

/**
 * SPEC R4: what is addressed to somebody is taken by nobody else, but for approvals (their `aud` is the author), what is shown
 * again (its owner gets it too), invitations (the owner of the conversation gets them too) and what was approved.
 * @param approved it came with an approval that was taken
 * @throws IsletError E-ACTION-ISSUER, E-ACTION-AUDIENCE, E-TOKEN-TIME
 */
export function assertAddressed(
  { payload }: ParsedAction,
  { tenant, now, approved }: { tenant: IdTag; now: number; approved: boolean },
): void {
  const { iss, aud, t } = payload;
  if (iss === tenant) throw new IsletError('E-ACTION-ISSUER', 'an identity does not send to itself', iss);
  const elsewhere = aud !== undefined && aud !== tenant && aud !== iss;
  if (elsewhere && !approved && !alsoForOthers.includes(baseType(t)))
    throw new IsletError('E-ACTION-AUDIENCE', 'it is addressed to somebody else', aud);
  assertTimes(payload, now);
}

const alsoForOthers = ['APRV', 'REPOST', 'INVT'];

/** SPEC R2: relationship and subject. @throws IsletError E-ACTION-PERMISSION */
export function assertMayReceive({ payload, type }: ParsedAction, context: ReceivingContext): void {
  const { fromStrangers } = type;
  if (context.relation.blocked)
    throw new IsletError('E-ACTION-PERMISSION', 'its issuer is not wanted here', payload.iss);
  const welcome = typeof fromStrangers === 'function' ? fromStrangers(payload, context) : fromStrangers;
  if (!welcome && !isContact(context.relation))
    throw new IsletError('E-ACTION-PERMISSION', 'from somebody who is not followed here', payload.iss);
  const refusal = type.refusal(payload, context);
  if (refusal !== undefined) throw new IsletError('E-ACTION-PERMISSION', refusal, payload.t);
}

/** SPEC R1: the reason why it is not said, thrown. @throws IsletError E-ACTION-PERMISSION */
export function assertMaySend({ payload, type }: ParsedAction, context: SendingContext): void {
  const refusal =
    context.relation.blocked && payload.aud !== undefined && !isEnd(payload)
      ? 'you have blocked its receiver'
      : type.refusalToSend?.(payload, context);
  if (refusal !== undefined) throw new IsletError('E-ACTION-PERMISSION', refusal, payload.t);
}
