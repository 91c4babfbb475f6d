import { createHash } from 'node:crypto';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { Database } from '../store/database.ts';
import { findIdentity } from '../store/identities.ts';
import type { Tenant } from '../tenant.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';

export interface MeParts {
  readonly db: Database;
  /** Origin of the API of an identity, e.g. `https://cl-o.alice.example.com`; paths begin with `/api`. */
  readonly apiOf: (idTag: IdTag) => string;
  /** An identity of this relay. @throws IsletError E-CORE-HOST */
  readonly findTenant: (idTag: string) => Tenant;
  /** Host of the app. */
  readonly appHost: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Who answers here: profile and keys for neighbours, addresses for our own app. */
export function createMe({ db, apiOf, findTenant, appHost, now }: MeParts): Resource {
  const resource = createResource();
  resource.get(routes.me, (ctx) => answerProfile(ctx, db, now()));
  resource.get(routes.appDomain, (ctx) => answer(ctx, { appDomain: appHost }, now()));
  resource.get(routes.idTag, (ctx, next) => {
    if (ctx.state.place === 'api') return next();
    ctx.set('access-control-allow-origin', '*');
    ctx.body = { idTag: ctx.state.tenant.idTag };
    return undefined;
  });
  resource.get(routes.relay, async (ctx) => {
    const { idTag: asked } = ctx.query;
    const { idTag, devices } = typeof asked === 'string' ? findTenant(asked) : ctx.state.tenant;
    ctx.set('cache-control', 'no-store');
    answer(ctx, { idTag, apiBase: apiOf(idTag), claimed: (await devices.log()) !== undefined }, now());
  });
  return resource;
}

/** Stock nodes send the ETag back without its quotes. */
async function answerProfile(ctx: RelayContext, db: Database, now: number): Promise<void> {
  const { keys, shown } = ctx.state.tenant;
  const profilePic = (await findIdentity(db, keys.idTag))?.profile_pic;
  const profile = {
    ...shown,
    ...(profilePic && { profilePic }),
    keys: keys.list(now),
  };
  const etag = createHash('sha256').update(JSON.stringify(profile)).digest('base64url').slice(0, 27);
  ctx.set('etag', `"${etag}"`);
  ctx.set('cache-control', 'no-cache');
  const held = ctx
    .get('if-none-match')
    .split(',')
    .map((tag) => tag.trim().replace(/^(W\/)?"(.*)"$/, '$2'));
  if (held.includes(etag)) ctx.status = 304;
  else answer(ctx, profile, now);
}
