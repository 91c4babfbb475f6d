import { limits, routes, tokenRequestSchema } from '../../shared/routes.ts';
import { accessLifetime } from '../identity/access.ts';
import { readJson } from './body.ts';
import { answer, createResource, type Resource } from './context.ts';

/** SPEC X1: an assertion of the device key for an access token (in the manner of RFC 7523). */
export function createTokenResource(now: () => number): Resource {
  const resource = createResource();
  resource.post(routes.token, async (ctx) => {
    const { assertion, delegation } = await readJson(ctx, tokenRequestSchema, limits.body);
    const access_token = await ctx.state.tenant.access.exchange(assertion, delegation);
    ctx.set('cache-control', 'no-store');
    answer(ctx, { access_token, token_type: 'Bearer', expires_in: accessLifetime }, now());
  });
  return resource;
}
