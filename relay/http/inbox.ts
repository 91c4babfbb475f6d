import type * as v from 'valibot';
import { inboxSchema, limits, routes } from '../../shared/routes.ts';
import type { Limits } from '../limits/limits.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { readJson } from './body.ts';
import { toFault } from '../store/faults.ts';
import {
  answer,
  answerTooMuch,
  causeOf,
  createResource,
  formatError,
  isFault,
  retryAfter,
} from './context.ts';
import type { RelayContext, Resource } from './context.ts';
import type { Register } from './idp.ts';

export interface InboxParts {
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly register: Register;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** SPEC R4: 202 with JSON once it is stored durably. */
export function createInboxResource({ register, now, ...parts }: InboxParts): Resource {
  const resource = createResource();
  resource.post(routes.inbox, async (ctx) => {
    try {
      const { token, related } = await readJson(ctx, inboxSchema, limits.inboxBody);
      const { status } = await accept(ctx, { token, related }, parts);
      answer(ctx, { status }, now(), 202);
    } catch (error) {
      refuse(ctx, error, parts);
    }
  });
  resource.post(routes.inboxSync, async (ctx) => {
    try {
      const { token, related } = await readJson(ctx, inboxSchema, limits.inboxBody);
      const accepted = await accept(ctx, { token, related }, parts);
      const registered = accepted.status === 'passed' ? await register(ctx, token) : undefined;
      answer(ctx, registered ?? accepted, now(), 201);
    } catch (error) {
      refuse(ctx, error, parts);
    }
  });
  return resource;
}

type Brought = v.InferOutput<typeof inboxSchema>;

/** What was new, and is its issuer's own, counts for the issuer: whoever repeats what others said takes nothing from them. */
async function accept(
  ctx: RelayContext,
  { token, related }: Brought,
  parts: Pick<InboxParts, 'limits' | 'metrics'>,
) {
  const { limits: allowed, metrics } = parts;
  const { idTag, talk } = ctx.state.tenant;
  const iss = await allowed.hear(ctx.req, idTag, token);
  const accepted = await talk.accept(token, related);
  metrics.verdict(accepted.status);
  const bytes = [token, ...(related ?? [])].reduce((sum, text) => sum + text.length, 0);
  if (iss !== undefined && accepted.status !== 'known') allowed.heard(idTag, iss, bytes);
  return accepted;
}

/** What another try may change is refused with an empty body, because stock nodes take any JSON for delivered. */
function refuse(
  ctx: RelayContext,
  error: unknown,
  { metrics, report }: Pick<InboxParts, 'metrics' | 'report'>,
): void {
  const ours = toFault(error);
  metrics.verdict(ours.code);
  if (ours.code === 'E-CORE-RATELIMIT') return answerTooMuch(ctx, ours);
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
