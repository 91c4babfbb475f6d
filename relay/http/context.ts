import type { Context, DefaultState, Next } from 'koa';
import { IsletError } from '../../shared/errors.ts';
import type { Session } from '../identity/access.ts';
import { type Limits, waitOf } from '../limits/limits.ts';
import { isInbox } from '../limits/rules.ts';
import { toFault } from '../store/faults.ts';
import { type Addressed, type FindTenant, hostname } from '../tenant.ts';
import { answerVisitor } from './plain-page.ts';

export type RelayState = DefaultState & Addressed & { readonly limits: Limits };
export type RelayContext = Context & {
  state: RelayState;
  /** What stands in the path for the names in its pattern. */
  params: Readonly<Partial<Record<string, string>>>;
};

type Answer = (ctx: RelayContext, next: () => Promise<unknown>) => unknown;

/** One thing that can be asked for. */
export interface Door {
  /** Undefined: any. GET is HEAD too. */
  readonly method: string | undefined;
  /** `/api/files/:id`: the name stands for one part of a path. Ending in `*`: this path and all below it. */
  readonly pattern: string;
  readonly answer: Answer;
}

/** A resource of the API: its doors, in the order in which they are tried. */
export class Resource {
  readonly doors: Door[] = [];

  add(method: string | undefined, pattern: string, answer: Answer): void {
    this.doors.push({ method, pattern, answer });
  }

  get = (pattern: string, answer: Answer): void => this.add('GET', pattern, answer);
  post = (pattern: string, answer: Answer): void => this.add('POST', pattern, answer);
  put = (pattern: string, answer: Answer): void => this.add('PUT', pattern, answer);
  patch = (pattern: string, answer: Answer): void => this.add('PATCH', pattern, answer);
  delete = (pattern: string, answer: Answer): void => this.add('DELETE', pattern, answer);
  /** Stands before what is added after it, and goes on with it by `next`. */
  before = (pattern: string, answer: Answer): void => this.add(undefined, pattern, answer);
}

export function createResource(): Resource {
  return new Resource();
}

/**
 * The device that asks, by its access token.
 * @param use as of `Access.verify`
 * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-*
 */
export async function readSession(ctx: RelayContext, use?: 'drafts'): Promise<Session> {
  const match = /^Bearer ([\w.-]+)$/.exec(ctx.get('authorization'));
  if (!match) throw new IsletError('E-AUTH-UNAUTH', 'an access token is needed');
  return ctx.state.tenant.access.verify(match[1]!, use);
}

/** The envelope of every answer: `time` is required by stock nodes. */
export function answer(ctx: Context, data: unknown, now: number, status = 200): void {
  ctx.status = status;
  ctx.body = { data, time: new Date(now).toISOString() };
}

export function formatError({ code, message, details }: Pick<IsletError, 'code' | 'message' | 'details'>) {
  return { error: { code, message, ...(details !== undefined && { details }) } };
}

/** When to try again what the relay could not do, in seconds. */
export const retryAfter = '30';

/** Something below us failed: another try may do. */
export function isFault({ code }: IsletError): boolean {
  return code === 'E-SYS-UNAVAIL' || code === 'E-SYS-FULL';
}

/** What is logged of a fault: what went wrong below, when it is known. */
export function causeOf(fault: IsletError): unknown {
  return fault.value instanceof Error ? fault.value : fault;
}

/** An answer to whoever asks too much: when to come again. On the inbox it has no body (SPEC R4). */
export function answerTooMuch(ctx: Context, error: IsletError): void {
  ctx.status = error.status;
  ctx.set('retry-after', waitOf(error));
  ctx.set('cache-control', 'no-store');
  // What comes with it is not read.
  if (!ctx.req.complete) ctx.set('connection', 'close');
  ctx.body = isInbox(ctx.path) ? Buffer.alloc(0) : formatError(error);
}

/** Headers that were set for an answer which then could not be given: a refusal must not be kept as if it were that. */
const meantForContent = [
  'cache-control',
  'etag',
  'last-modified',
  'accept-ranges',
  'content-range',
  'content-disposition',
];

/** Turns what was thrown into `{error:{code,message}}`; faults are logged. */
export function errorAnswers(report: (error: unknown, ctx: Context) => void, trustProxy = false) {
  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const ours = toFault(error);
      for (const name of meantForContent) ctx.remove(name);
      if (ours.code === 'E-CORE-RATELIMIT') return answerTooMuch(ctx, ours);
      if (answerVisitor(ctx, ours, trustProxy)) return;
      if (isFault(ours)) {
        report(causeOf(ours), ctx);
        ctx.set('retry-after', retryAfter);
      }
      ctx.status = ours.status;
      ctx.body = formatError(ours);
      if (ours.code === 'E-CORE-TOOLARGE') ctx.set('connection', 'close');
    }
  };
}

/** SPEC: requests are told apart by `Host`; an unknown one gets 421. `/healthz` answers on any. */
export function findTenantOf(find: FindTenant, trustProxy: boolean) {
  return async (ctx: Context & { state: Partial<RelayState> }, next: Next): Promise<void> => {
    if (ctx.path === '/healthz') return next();
    const forwarded = trustProxy ? ctx.get('x-forwarded-host') : '';
    const addressed = find(hostname(forwarded || ctx.get('host')));
    if (!addressed) throw new IsletError('E-CORE-HOST', 'this relay does not serve that name');
    Object.assign(ctx.state, addressed);
    return next();
  };
}

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** Mirrors the origin on API hosts: a foreign shell calls from its own origin. No credentials: the API has no cookies. */
export async function crossOrigin(ctx: Context & { state: Partial<RelayState> }, next: Next): Promise<void> {
  if (ctx.state.place !== 'api') return next();
  const origin = ctx.get('origin');
  if (origin) {
    ctx.set('access-control-allow-origin', origin);
    ctx.set(
      'access-control-expose-headers',
      'etag, retry-after, content-range, accept-ranges, content-disposition',
    );
    ctx.vary('Origin');
  }
  if (ctx.method !== 'OPTIONS' || !ctx.get('access-control-request-method')) return next();
  ctx.set('access-control-allow-methods', methods);
  ctx.set(
    'access-control-allow-headers',
    ctx.get('access-control-request-headers') || 'authorization, content-type',
  );
  ctx.set('access-control-max-age', '7200');
  ctx.status = 204;
}
