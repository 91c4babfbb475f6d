import { decodeProtectedHeader } from 'jose';
import { IsletError } from '../../shared/errors.ts';
import type { Session } from '../identity/access.ts';
import { deviceTokenTyp } from '../identity/access.ts';
import type { Guest } from '../identity/guests.ts';
import { readSession, type RelayContext } from './context.ts';

/** Who asks: a device of the identity, somebody who showed an access token for guests, or anybody. */
export type Visitor =
  | { readonly kind: 'device'; readonly session: Session }
  | { readonly kind: 'guest'; readonly guest: Guest }
  | { readonly kind: 'nobody' };

/**
 * A guest's token that is not good makes nobody of who shows it (SPEC O5); a device is told, so that it gets another one.
 * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-* for a device
 */
export async function readVisitor(ctx: RelayContext): Promise<Visitor> {
  const token = bearerOf(ctx);
  if (token === undefined) return { kind: 'nobody' };
  if (isDeviceToken(token)) return { kind: 'device', session: await readSession(ctx) };
  try {
    return { kind: 'guest', guest: await ctx.state.tenant.guests.verify(token) };
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return { kind: 'nobody' };
  }
}

/** The guest that is needed here. @throws IsletError E-AUTH-UNAUTH, E-AUTH-NOPERM */
export async function readGuest(ctx: RelayContext): Promise<Guest> {
  const token = bearerOf(ctx);
  if (token === undefined) throw new IsletError('E-AUTH-UNAUTH', 'an access token is needed');
  return ctx.state.tenant.guests.verify(token);
}

export function bearerOf(ctx: RelayContext): string | undefined {
  return /^Bearer ([\w.-]+)$/.exec(ctx.get('authorization'))?.[1];
}

/** What it says it is; whether that is so is looked at afterwards. */
export function isDeviceToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === deviceTokenTyp;
  } catch {
    return false;
  }
}
