import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { limits, routes, tokenRequestSchema } from '../../shared/routes.ts';
import { accessLifetime, assertAllowed, readSpaceLevel } from '../identity/access.ts';
import { type Guest, guestLifetime } from '../identity/guests.ts';
import type { Limits } from '../limits/limits.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { bearerOf, isDeviceToken, readGuest } from './visitor.ts';

export interface TokenParts {
  /** Origin of a neighbour's API. */
  readonly findApiBase: (idTag: IdTag) => Promise<string>;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Access tokens: of devices (SPEC X1, in the manner of RFC 7523), of guests (SPEC O1–O4), and of neighbours (SPEC O6). */
export function createTokenResource({ findApiBase, limits: allowed, now }: TokenParts): Resource {
  const resource = createResource();

  resource.post(routes.token, async (ctx) => {
    const { assertion, delegation } = await readJson(ctx, tokenRequestSchema, limits.body);
    const access_token = await ctx.state.tenant.access.exchange(assertion, delegation);
    ctx.set('cache-control', 'no-store');
    answer(ctx, { access_token, token_type: 'Bearer', expires_in: accessLifetime }, now());
  });

  resource.get(routes.accessToken, async (ctx) => {
    ctx.set('cache-control', 'no-store');
    await allowed.hear(ctx.req, ctx.state.tenant.idTag, readOne(ctx, 'token') ?? '');
    answer(ctx, { token: await giveAccess(ctx, Math.floor(now() / 1000)) }, now());
  });

  resource.get(routes.proxyToken, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'neighbour/visit');
    const { visits } = ctx.state.tenant;
    const neighbour = parseIdTag(readOne(ctx, 'idTag'));
    const token = await (readOne(ctx, 'renew') === 'true'
      ? visits.renew(neighbour)
      : visits.token(neighbour));
    ctx.set('cache-control', 'no-store');
    answer(ctx, { token, apiBase: await findApiBase(neighbour) }, now());
  });
  return resource;
}

/** Ways in that stock nodes have and this relay has not. */
const unknownWays = ['refId', 'apiKey', 'via'];

async function giveAccess(ctx: RelayContext, now: number): Promise<string> {
  const { guests } = ctx.state.tenant;
  const unknown = unknownWays.find((name) => readOne(ctx, name) !== undefined);
  if (unknown !== undefined)
    throw new IsletError('E-VAL-INVALID', `this relay gives no access by ${unknown}`, unknown);
  const [proxy, scope] = [readOne(ctx, 'token'), readOne(ctx, 'scope')];
  if (proxy !== undefined) {
    const token = await guests.exchangeProxy(proxy);
    return scope === undefined ? token : guests.narrow(await guests.verify(token), scope);
  }
  if (scope === undefined && bearerOf(ctx) !== undefined)
    throw new IsletError('E-VAL-INVALID', 'say by scope what this access is to be for');
  const asking = await readAsking(ctx, now);
  return guests.narrow(asking, scope ?? '');
}

/** A guest; or a device of the identity, whose own access it stays. @throws IsletError E-AUTH-UNAUTH, E-AUTH-NOPERM, E-DELEGATION-* */
async function readAsking(ctx: RelayContext, now: number): Promise<Guest> {
  const token = bearerOf(ctx);
  if (token === undefined || !isDeviceToken(token)) return readGuest(ctx);
  const { grant } = await readSession(ctx);
  readSpaceLevel(grant);
  return { idTag: ctx.state.tenant.idTag, exp: now + guestLifetime, device: token };
}

function readOne(ctx: RelayContext, name: string): string | undefined {
  const value = ctx.query[name];
  if (Array.isArray(value)) throw new IsletError('E-VAL-INVALID', `${name} stands twice`);
  return value;
}
