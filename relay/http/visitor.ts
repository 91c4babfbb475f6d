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
 * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-* for a device; E-CORE-RATELIMIT for a guest
 */
export async function readVisitor(ctx: RelayContext): Promise<Visitor> {
  const token = bearerOf(ctx);
  if (token === undefined) return { kind: 'nobody' };
  if (isDeviceToken(token)) return { kind: 'device', session: await readSession(ctx) };
  try {
    return { kind: 'guest', guest: await visit(ctx, token) };
  } catch (error) {
    if (!(error instanceof IsletError) || error.code === 'E-CORE-RATELIMIT') throw error;
    return { kind: 'nobody' };
  }
}

/** What a guest asks counts for the guest (SPEC H4). */
async function visit(ctx: RelayContext, token: string): Promise<Guest> {
  const { tenant, limits } = ctx.state;
  const guest = await tenant.guests.verify(token);
  if (guest.idTag !== tenant.idTag) await limits.visit(guest.idTag);
  return guest;
}

/** The guest that is needed here. @throws IsletError E-AUTH-UNAUTH, E-AUTH-NOPERM, E-CORE-RATELIMIT */
export async function readGuest(ctx: RelayContext): Promise<Guest> {
  const token = bearerOf(ctx);
  if (token === undefined) throw new IsletError('E-AUTH-UNAUTH', 'an access token is needed');
  return visit(ctx, token);
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
