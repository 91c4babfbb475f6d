import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Next } from 'koa';
import { addressOf } from '../limits/address.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { hostname } from '../tenant.ts';

export interface MetricsAccess {
  readonly metrics: Metrics;
  /** Opens it to who shows it; without it only this machine is let in. */
  readonly token: string | undefined;
  /** Behind a proxy everybody comes from this machine: there the token alone opens. */
  readonly trustProxy: boolean;
}

export const metricsPath = '/metrics';

/** `/metrics`, for the operator. To anybody else it is not there. */
export function createMetricsDoor(access: MetricsAccess) {
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.path !== metricsPath || ctx.method !== 'GET' || !mayRead(ctx, access)) return next();
    ctx.set('cache-control', 'no-store');
    ctx.set('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    ctx.body = await access.metrics.format();
  };
}

function mayRead(ctx: Context, { token, trustProxy }: MetricsAccess): boolean {
  const shown = /^Bearer (\S+)$/.exec(ctx.get('authorization'))?.[1];
  if (token !== undefined && shown !== undefined) return isSame(shown, token);
  const remote = ctx.req.socket.remoteAddress;
  const isHere = addressOf({ remote, forwarded: undefined, trustProxy: false }) === undefined;
  // A page whose name was led to this machine shows that name.
  const isAsked = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname(ctx.get('host')));
  return token === undefined && !trustProxy && isHere && isAsked;
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
