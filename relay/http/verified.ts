import type { Session } from '../identity/access.ts';
import { readSession, type RelayContext } from './context.ts';

/**
 * SPEC P10: the device that asks, when its person showed in the last five minutes, by password or passkey, that it is them. An identity
 * that has neither is not asked.
 * @throws IsletError E-VERIFY-NEEDED (details: `{password, passkey}`, the ways there are), E-AUTH-UNAUTH, E-DELEGATION-*
 */
export async function assertVerified(ctx: RelayContext): Promise<Session> {
  const session = await readSession(ctx);
  await ctx.state.tenant.ways.assertVerified(session.grant.did);
  return session;
}
