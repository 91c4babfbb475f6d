import Koa, { type Context } from 'koa';
import { IsletError } from '../../shared/errors.ts';
import type { Log } from '../log.ts';
import type { FindTenant } from '../tenant.ts';
import { crossOrigin, errorAnswers, findTenantOf, type Resource } from './context.ts';

export interface AppParts {
  readonly log: Log;
  readonly findTenant: FindTenant;
  readonly trustProxy: boolean;
  /** Writes to the store and reads it back. */
  readonly probe: () => Promise<void>;
  /** Resources that answer on any host, known or not. */
  readonly anywhere: readonly Resource[];
  /** Resources that answer on all hosts of an identity. */
  readonly open: readonly Resource[];
  /** Resources of the API host. */
  readonly resources: readonly Resource[];
  /** The web app, on the app host. */
  readonly serveApp: Koa.Middleware;
  /** Origin of the app; who opens the bare name of another identity is led there. */
  readonly appOrigin: string;
}

/** Order: headers, errors, tenant, CORS, resources, the web app, 404. */
export function createApp(parts: AppParts): Koa {
  const { log, findTenant, trustProxy, probe, anywhere, open, resources, serveApp, appOrigin } = parts;
  const app = new Koa();
  app.on('error', (error: unknown) => log.error({ err: error }, 'request failed'));
  app.use(securityHeaders);
  app.use(
    errorAnswers((error, ctx) =>
      log.error({ err: error, method: ctx.method, path: ctx.path }, 'request failed'),
    ),
  );
  for (const resource of anywhere) app.use(resource.routes() as Koa.Middleware);
  app.use(findTenantOf(findTenant, trustProxy));
  app.use(crossOrigin);
  app.use(async (ctx, next) => {
    if (ctx.path !== '/healthz') return next();
    await probe();
    ctx.body = { status: 'ok' };
  });
  for (const resource of open) app.use(resource.routes() as Koa.Middleware);
  for (const resource of resources) app.use(onApiHost(resource.routes() as Koa.Middleware));
  app.use((ctx, next) => (ctx.state.place === 'app' ? serveApp(ctx, next) : next()));
  app.use(async (ctx, next) => {
    if (ctx.state.place !== 'name' || ctx.path !== '/') return next();
    ctx.redirect(`${appOrigin}/`);
  });
  app.use(() => {
    throw new IsletError('E-CORE-NOTFOUND', 'no such resource');
  });
  return app;
}

async function securityHeaders(ctx: Context, next: Koa.Next): Promise<void> {
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
  await next();
}

function onApiHost(middleware: Koa.Middleware): Koa.Middleware {
  return (ctx, next) => (ctx.state.place === 'api' ? middleware(ctx, next) : next());
}
