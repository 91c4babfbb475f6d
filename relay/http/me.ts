import type { IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { Tenant } from '../tenant.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import type { Shown } from './shown.ts';

export interface MeParts {
  readonly shown: Shown;
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
export function createMe({ shown, apiOf, findTenant, appHost, now }: MeParts): Resource {
  const resource = createResource();
  resource.get(routes.me, (ctx) => answerProfile(ctx, shown, now()));
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
async function answerProfile(ctx: RelayContext, shown: Shown, now: number): Promise<void> {
  const { text, etag } = await shown.read(ctx.state.tenant, now);
  ctx.set('etag', `"${etag}"`);
  ctx.set('cache-control', 'no-cache');
  if (isHeld(ctx.get('if-none-match'), etag)) {
    ctx.status = 304;
    return;
  }
  ctx.set('content-type', 'application/json; charset=utf-8');
  ctx.body = `{"data":${text},"time":"${new Date(now).toISOString()}"}`;
}

function isHeld(told: string, etag: string): boolean {
  if (told === '' || told === etag) return told !== '';
  return told.split(',').some((tag) => tag.trim().replace(/^(W\/)?"(.*)"$/, '$2') === etag);
}
