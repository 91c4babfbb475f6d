import { baseType } from '../../shared/action/define.ts';
import { allows } from '../../shared/device/capability.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, retrySchema, routes } from '../../shared/routes.ts';
import type { Deliveries } from '../delivery/deliveries.ts';
import { readAction } from '../inbox/proof.ts';
import type { Database } from '../store/database.ts';
import type { Standing } from '../store/deliveries.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

/** So many deliveries of one action are named; the others are counted. */
export const mostShown = 50;

/** The members of an item of `GET actions` that tell where its deliveries stand. */
export function describeStanding(standing: Standing | undefined) {
  if (!standing) return { deliveries: [] };
  const deliveries = standing.shown.map(({ neighbour, state, reason }) => ({
    to: neighbour,
    state,
    ...(reason !== null && { reason }),
  }));
  return { deliveries, deliveryCounts: standing.counts };
}

export interface DeliveryResourceParts {
  readonly db: Database;
  readonly deliveries: Pick<Deliveries, 'retry'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is not delivered can be tried again at once, by whoever may say such a thing. */
export function createDeliveryResource({ db, deliveries, now }: DeliveryResourceParts): Resource {
  const resource = createResource();
  resource.post(`${routes.actions}/:id/deliveries`, async (ctx) => {
    const { grant } = await readSession(ctx);
    await readJson(ctx, retrySchema, limits.body);
    const row = await readAction(db, ctx.state.tenant.idTag, String(ctx.params.id));
    if (row.origin !== 'own') throw new IsletError('E-CORE-NOTFOUND', 'no action of yours', row.action_id);
    if (!allows(grant.cap, 'action/create', `type:${baseType(row.type)}`))
      throw new IsletError('E-DELEGATION-SCOPE', 'this device may not send such an action', row.type);
    answer(ctx, { retried: await deliveries.retry(row) }, now());
  });
  return resource;
}
