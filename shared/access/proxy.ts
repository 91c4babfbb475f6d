import { assertTimes, type ParsedAction } from '../action/action.ts';
import type { ActionPayload } from '../action/define.ts';
import { IsletError } from '../errors.ts';
import type { IdTag } from '../identity/id-tag.ts';

/** In seconds: how long a PROXY token of ours lasts, and how far away the end of one that is shown may be. */
export const proxyLifetime = 60;
export const furthestEnd = 300;

/** The payload by which `iss` asks `aud` for access (SPEC O1). @param now seconds */
export function createProxy(ask: {
  readonly iss: IdTag;
  readonly k: string;
  readonly aud: IdTag;
  readonly now: number;
  readonly nonce: string;
}): ActionPayload {
  const { iss, k, aud, now, nonce } = ask;
  return { iss, k, t: 'PROXY', iat: now, exp: now + proxyLifetime, aud, v: 'D', _: nonce };
}

/**
 * SPEC O1: what is shown for access is a PROXY token, for this identity, and ends soon. Its signature is looked at elsewhere.
 * @param now seconds
 * @throws IsletError E-ACTION-TYPE, E-ACTION-AUDIENCE, E-ACTION-ISSUER, E-TOKEN-TIME
 */
export function assertProxy(
  { payload }: ParsedAction,
  { tenant, now }: { tenant: IdTag; now: number },
): number {
  const { iss, aud, t, exp } = payload;
  if (t !== 'PROXY') throw new IsletError('E-ACTION-TYPE', 'not a token that asks for access', t);
  if (aud !== tenant) throw new IsletError('E-ACTION-AUDIENCE', 'it is for somebody else', aud);
  if (iss === tenant) throw new IsletError('E-ACTION-ISSUER', 'an identity is no guest of its own', iss);
  assertTimes(payload, now);
  if (exp === undefined || exp > now + furthestEnd)
    throw new IsletError('E-TOKEN-TIME', 'it lasts too long', exp);
  return exp;
}
