import { IsletError } from '../../shared/errors.ts';
import { inboxSchema, limits, routes } from '../../shared/routes.ts';
import { readJson } from './body.ts';
import { answer, createResource, formatError, type RelayContext, type Resource } from './context.ts';

/** Refusals that another try may change: they have an empty body, because stock nodes take any JSON for delivered. */
const temporary = ['E-NET-FAILED', 'E-SYS-UNAVAIL'];

/** SPEC R4: 202 with JSON once it is stored durably. */
export function createInboxResource(now: () => number, report: (error: unknown) => void): Resource {
  const resource = createResource();
  resource.post(routes.inbox, async (ctx) => {
    try {
      const { token } = await readJson(ctx, inboxSchema, limits.inboxBody);
      const status = await ctx.state.tenant.accept(token);
      answer(ctx, { status }, now(), 202);
    } catch (error) {
      refuse(ctx, error, report);
    }
  });
  return resource;
}

function refuse(ctx: RelayContext, error: unknown, report: (error: unknown) => void): void {
  if (error instanceof IsletError && !temporary.includes(error.code)) {
    ctx.status = error.status;
    ctx.body = formatError(error);
    if (error.code === 'E-CORE-TOOLARGE') ctx.set('connection', 'close');
    return;
  }
  if (!(error instanceof IsletError)) report(error);
  ctx.status = 503;
  ctx.set('retry-after', '30');
  ctx.body = Buffer.alloc(0);
}
