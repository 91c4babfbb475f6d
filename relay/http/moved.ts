import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { Moves } from '../archive/moves.ts';
import { createResource, type RelayContext, type Resource, retryAfter } from './context.ts';

const isBelow = (path: string, route: string) => path === route || path.startsWith(`${route}/`);

/** What a device needs to fetch an archive, to say that it has moved, or to end the account. */
const ways = [routes.token, routes.verify, routes.ways, routes.exports];
/** What tells others who an identity is: it stays true. */
const facts = [routes.me, routes.deviceLog, routes.relay, routes.profile];

/** SPEC W11: stands before all else that the API answers. */
export function createMovedResource(moves: Moves): Resource {
  const resource = createResource();
  resource.before('*', async (ctx, next) => {
    const refusal = isOpen(ctx, moves) ? undefined : refusalOf(moves, ctx.state.tenant.idTag);
    if (!refusal) return next();
    const isGone = moves.state(ctx.state.tenant.idTag) === 'leaving';
    if (isGone || !isBelow(ctx.path, routes.inbox)) throw refusal;
    // A neighbour tries again, and finds the identity where its name points to by then.
    ctx.set('retry-after', retryAfter);
    ctx.status = 503;
    ctx.body = '';
    return undefined;
  });
  return resource;
}

function isOpen({ path, method, state }: RelayContext, moves: Moves): boolean {
  const is = moves.state(state.tenant.idTag);
  if (is === 'here') return true;
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  if (reads && (is === 'moving' || facts.some((route) => path === route))) return true;
  const ends = method === 'DELETE' && path === routes.me;
  return is !== 'leaving' && (ends || ways.some((route) => isBelow(path, route)));
}

/** Why an identity takes nothing here; undefined while it does. */
export function refusalOf(moves: Moves, idTag: IdTag): IsletError | undefined {
  switch (moves.state(idTag)) {
    case 'moving':
      return new IsletError(
        'E-SYS-UNAVAIL',
        `${idTag} is moving to another relay, and takes nothing until it is there`,
      );
    case 'moved':
      return new IsletError('E-CORE-MOVED', `${idTag} has moved to another relay`);
    case 'leaving':
      return new IsletError('E-CORE-MOVED', `${idTag} was deleted here`);
    default:
      return undefined;
  }
}
