import type { Random } from '../../../shared/bytes.ts';
import { allows } from '../../../shared/device/capability.ts';
import { parseDelegation } from '../../../shared/device/delegation.ts';
import { IsletError } from '../../../shared/errors.ts';
import {
  formatLoginAnswer,
  type LoginRequest,
  loginResource,
  signLogin,
} from '../../../shared/identity/login.ts';
import type { KeyStore } from './key-store.ts';

interface LoginOptions {
  readonly store: KeyStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: Random;
}

/**
 * SPEC X6: the address that takes the person back to the site, with this device's word that it is them. The relay is not asked.
 * @throws IsletError E-DELEGATION-SCOPE, E-AUTH-UNAUTH
 */
export async function answerLogin(request: LoginRequest, options: LoginOptions): Promise<string> {
  const { store, now, random } = options;
  const membership = await store.membership();
  const keys = await store.existingKeys();
  if (!membership || !keys) throw new IsletError('E-AUTH-UNAUTH', 'this browser is not enrolled');
  const { idTag, delegations } = membership;
  const { cap } = parseDelegation(delegations.at(-1) ?? '');
  if (!allows(cap, 'identity/login', loginResource(request.site)))
    throw new IsletError('E-DELEGATION-SCOPE', 'this device may not log in elsewhere');
  const { did, sign } = keys;
  const seconds = Math.floor(now() / 1000);
  const token = await signLogin(request, { idTag, did, delegations, sign, random, now: seconds });
  return formatLoginAnswer(request, { token });
}
