import {
  challengeRequestSchema,
  passkeySchema,
  passwordSchema,
  type Purpose,
  waySchema,
  waysRoutes,
} from '../../shared/api/ways.ts';
import { limits, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { WayRow } from '../store/tables-ways.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { assertVerified } from './verified.ts';

export interface WaysResourceParts {
  /** Origin of the app: passkeys are made and shown there. */
  readonly appOrigin: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Passwords, passkeys and fresh verification (SPEC P6–P11). */
export function createWaysResource({ appOrigin, now }: WaysResourceParts): Resource {
  const resource = createResource();
  const party = { origin: appOrigin, id: new URL(appOrigin).hostname };

  resource.before(`${waysRoutes.door}/*`, (ctx, next) => {
    ctx.set('cache-control', 'no-store');
    return next();
  });

  resource.get(waysRoutes.door, async (ctx) => {
    const { idTag, ways } = ctx.state.tenant;
    const list = await ways.list();
    const salt = list.find(({ kind }) => kind === 'password')?.salt;
    const passkey = list.some(({ kind }) => kind === 'passkey');
    answer(ctx, { idTag, ...(salt && { password: { salt } }), passkey }, now());
  });

  resource.get(waysRoutes.list, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'device/enrol');
    answer(ctx, { ways: (await ctx.state.tenant.ways.list()).map(describe) }, now());
  });

  resource.post(waysRoutes.challenge, async (ctx) => {
    const { purpose } = await readJson(ctx, challengeRequestSchema, limits.body);
    answer(ctx, await createChallenge(ctx, purpose, party.id), now(), 201);
  });

  resource.put(waysRoutes.password, async (ctx) => {
    const { grant } = await assertVerified(ctx);
    assertAllowed(grant, 'device/enrol');
    const password = await readJson(ctx, passwordSchema, limits.body);
    await ctx.state.tenant.ways.setPassword(password, grant.did);
    answer(ctx, {}, now());
  });

  resource.post(waysRoutes.passkeys, async (ctx) => {
    const { grant } = await assertVerified(ctx);
    assertAllowed(grant, 'device/enrol');
    const passkey = await readJson(ctx, passkeySchema, limits.body);
    await ctx.state.tenant.ways.addPasskey(passkey, grant.did, party);
    answer(ctx, {}, now(), 201);
  });

  resource.delete(`${waysRoutes.list}/:id`, async (ctx) => {
    const { grant } = await assertVerified(ctx);
    assertAllowed(grant, 'device/enrol');
    await ctx.state.tenant.ways.remove(String(ctx.params.id));
    answer(ctx, {}, now());
  });

  resource.post(waysRoutes.open, async (ctx) => {
    const key = await ctx.state.tenant.ways.open(await readJson(ctx, waySchema, limits.body), party);
    answer(ctx, key ? { key } : {}, now());
  });

  resource.post(routes.verify, async (ctx) => {
    const session = await readSession(ctx);
    const shown = await readJson(ctx, waySchema, limits.body);
    ctx.set('cache-control', 'no-store');
    answer(ctx, { until: await ctx.state.tenant.ways.verify(session, shown, party) }, now());
  });
  return resource;
}

function describe({ id, kind, name, did, created_at, used_at }: WayRow) {
  return { id, kind, name, ...(did && { did }), createdAt: created_at, ...(used_at && { usedAt: used_at }) };
}

async function createChallenge(ctx: RelayContext, purpose: Purpose, rpId: string) {
  const { idTag, ways } = ctx.state.tenant;
  if (purpose === 'open') return { challenge: await ways.challenge(purpose, 'door'), rpId };
  // Asked before a passkey is made: it would be left behind otherwise.
  const { grant } = await (purpose === 'register' ? assertVerified(ctx) : readSession(ctx));
  const challenge = await ways.challenge(purpose, grant.did);
  if (purpose === 'verify') return { challenge, rpId };
  assertAllowed(grant, 'device/enrol');
  const passkeys = (await ways.list()).filter(({ kind }) => kind === 'passkey');
  const user = { id: await ways.handle(), name: idTag };
  return { challenge, rpId, user, exclude: passkeys.map(({ id }) => id) };
}
