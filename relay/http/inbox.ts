import { inboxSchema, limits, routes } from '../../shared/routes.ts';
import { readJson } from './body.ts';
import { toFault } from '../store/faults.ts';
import { answer, causeOf, createResource, formatError, isFault, retryAfter } from './context.ts';
import type { RelayContext, Resource } from './context.ts';
import type { Register } from './idp.ts';

/** SPEC R4: 202 with JSON once it is stored durably. */
export function createInboxResource(
  now: () => number,
  report: (error: unknown) => void,
  register: Register,
): Resource {
  const resource = createResource();
  resource.post(routes.inbox, async (ctx) => {
    try {
      const { token, related } = await readJson(ctx, inboxSchema, limits.inboxBody);
      const { status } = await ctx.state.tenant.talk.accept(token, related);
      answer(ctx, { status }, now(), 202);
    } catch (error) {
      refuse(ctx, error, report);
    }
  });
  resource.post(routes.inboxSync, async (ctx) => {
    try {
      const { token, related } = await readJson(ctx, inboxSchema, limits.inboxBody);
      const accepted = await ctx.state.tenant.talk.accept(token, related);
      const registered = accepted.status === 'passed' ? await register(ctx, token) : undefined;
      answer(ctx, registered ?? accepted, now(), 201);
    } catch (error) {
      refuse(ctx, error, report);
    }
  });
  return resource;
}

/** What another try may change is refused with an empty body, because stock nodes take any JSON for delivered. */
function refuse(ctx: RelayContext, error: unknown, report: (error: unknown) => void): void {
  const ours = toFault(error);
  if (!isFault(ours) && ours.code !== 'E-NET-FAILED') {
    ctx.status = ours.status;
    ctx.body = formatError(ours);
    if (ours.code === 'E-CORE-TOOLARGE') ctx.set('connection', 'close');
    return;
  }
  if (isFault(ours)) report(causeOf(ours));
  ctx.status = 503;
  ctx.set('retry-after', retryAfter);
  ctx.body = Buffer.alloc(0);
}
