import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { listHeard } from '../store/actions.ts';
import { pinToWitnessed } from '../identity/trust.ts';
import type { Database } from '../store/database.ts';
import { findPin } from '../store/pins.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import { readCount } from './reading.ts';
import { readGuest } from './visitor.ts';

const page = 100;

/**
 * SPEC L13, F4: tells a neighbour's devices what was seen of their identity from here, so that they can compare it with what their
 * own relay tells them. Nobody is told anything about somebody else.
 */
export function createWatchResource(db: Database, now: () => number): Resource {
  const resource = createResource();
  resource.get(routes.pinned, async (ctx) => {
    const pin = await findPin(db, ctx.state.tenant.idTag, await readAsker(ctx));
    ctx.set('cache-control', 'no-store');
    answer(ctx, pin ? pinToWitnessed(pin) : { pinned: null }, now());
  });
  resource.get(routes.heard, async (ctx) => {
    const after = ctx.query.after === '0' ? 0 : (readCount(ctx, 'after') ?? 0);
    const place = { iss: await readAsker(ctx), after, limit: page + 1 };
    const rows = await listHeard(db, ctx.state.tenant.idTag, place);
    const shown = rows.slice(0, page);
    const items = shown.map(({ action_id, token }) => ({ actionId: action_id, token }));
    ctx.set('cache-control', 'no-store');
    answer(ctx, { items, next: shown.at(-1)?.seq ?? after, more: rows.length > page }, now());
  });
  return resource;
}

/** A token for one file says nothing here. @throws IsletError E-AUTH-UNAUTH, E-AUTH-NOPERM */
async function readAsker(ctx: RelayContext): Promise<IdTag> {
  const { idTag, scope } = await readGuest(ctx);
  if (scope) throw new IsletError('E-AUTH-NOPERM', 'this access is for one file', idTag);
  return idTag;
}
