import Koa from 'koa';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Limits } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { FindTenant } from '../tenant.ts';
import { createAdmission, createCounting } from './admit.ts';
import { crossOrigin, errorAnswers, findTenantOf, type Resource } from './context.ts';
import { gatherDoors } from './doors.ts';
import { createHealth } from './health.ts';
import { createMetricsDoor } from './metrics.ts';

export interface AppParts {
  readonly log: Log;
  readonly findTenant: FindTenant;
  readonly trustProxy: boolean;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  /** Browsers reach every host of the relay over TLS. */
  readonly secure: boolean;
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
  /** Why an identity takes nothing here; undefined while it does. */
  readonly refusalOf: (idTag: IdTag) => IsletError | undefined;
  /** Origin of the app; who opens the bare name of another identity is led there. */
  readonly appOrigin: string;
}

/** Order: count, headers, errors, limits, health and metrics, tenant, CORS, resources, the web app, 404. */
export function createApp(parts: AppParts): Koa {
  const { log, findTenant, trustProxy, anywhere, open, resources, serveApp, appOrigin } = parts;
  const { limits, metrics, metricsToken: token } = parts;
  const app = new Koa();
  app.on('error', (error: unknown) => log.error({ err: error }, 'request failed'));
  app.use(createCounting(metrics));
  app.use(securityHeaders(parts.secure));
  app.use(
    errorAnswers(
      (error, ctx) => log.error({ err: error, method: ctx.method, path: ctx.path }, 'request failed'),
      trustProxy,
    ),
  );
  app.use(createAdmission(limits));
  app.use(createHealth(parts.probe));
  app.use(createMetricsDoor({ metrics, token, trustProxy }));
  app.use(gatherDoors(anywhere));
  app.use(findTenantOf(findTenant, trustProxy));
  app.use(crossOrigin);
  app.use(gatherDoors(open));
  app.use(onApiHost(gatherDoors(resources)));
  app.use((ctx, next) => (ctx.state.place === 'app' ? serveApp(ctx, next) : next()));
  app.use(async (ctx, next) => {
    if (ctx.state.place !== 'name' || ctx.path !== '/') return next();
    const refusal = parts.refusalOf(ctx.state.tenant.idTag);
    if (refusal?.code === 'E-CORE-MOVED') throw refusal;
    ctx.redirect(`${appOrigin}/`);
  });
  app.use(() => {
    throw new IsletError('E-CORE-NOTFOUND', 'no such resource');
  });
  return app;
}

/** What every answer carries, whoever gives it; resources and the web app change the policy for what they answer. */
function securityHeaders(secure: boolean): Koa.Middleware {
  const headers: readonly (readonly [string, string])[] = [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox"],
    ...(secure ? [['strict-transport-security', `max-age=${365 * 86_400}`] as const] : []),
  ];
  return async (ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    await next();
  };
}

function onApiHost(middleware: Koa.Middleware): Koa.Middleware {
  return (ctx, next) => (ctx.state.place === 'api' ? middleware(ctx, next) : next());
}
