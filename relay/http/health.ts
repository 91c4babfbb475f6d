import type { Context, Next } from 'koa';
import { routes } from '../../shared/routes.ts';

/**
 * `/healthz`, on any host: 200 when the store has kept what was written to it just now, 503 when not. Whoever asks while that is
 * looked at gets the same answer: asking often costs one write at a time.
 */
export function createHealth(probe: () => Promise<void>) {
  let running: Promise<void> | undefined;
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.path !== routes.health) return next();
    ctx.set('cache-control', 'no-store');
    running ??= probe().finally(() => {
      running = undefined;
    });
    await running;
    ctx.body = { status: 'ok' };
  };
}
