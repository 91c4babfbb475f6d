import type { Context, Next } from 'koa';
import { routes } from '../../shared/routes.ts';
import type { Limits } from '../limits/limits.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { metricsPath } from './metrics.ts';

/** The limits of an address (SPEC H3), before anything is read, looked up or written. */
export function createAdmission(limits: Limits) {
  return async (ctx: Context, next: Next): Promise<void> => {
    ctx.state.limits = limits;
    await limits.admit(ctx.req, ctx.path);
    await next();
  };
}

/** Counts each answer by the door that gave it; a path that no door knows is `none`, whatever it was. */
export function createCounting(metrics: Metrics) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const began = performance.now();
    await next();
    const seconds = (performance.now() - began) / 1000;
    metrics.request(doorOf(ctx), methodOf(ctx.method), ctx.status, seconds);
  };
}

function doorOf(ctx: Context): string {
  const { door }: { door?: unknown } = ctx.state;
  if (typeof door === 'string') return door;
  if (ctx.path === routes.health || ctx.path === metricsPath) return ctx.path;
  return ctx.status === 404 || ctx.status === 421 ? 'none' : ctx.state.place === 'app' ? 'app' : 'other';
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function methodOf(method: string): string {
  return methods.includes(method) ? method : 'other';
}
