import { adoptSchema, restoreSchema } from '../../shared/api/restore.ts';
import type { Random } from '../../shared/bytes.ts';
import { limits, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import { restoreIdentity } from '../identity/restore.ts';
import type { Database } from '../store/database.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

export interface RestoreResourceParts {
  readonly db: Database;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A relay that knows nothing of an identity gets it from a recovery kit or from one of its devices (SPEC X16–X18, D8, D9). */
export function createRestoreResource({ db, random, now }: RestoreResourceParts): Resource {
  const resource = createResource();

  resource.post(routes.restore, async (ctx) => {
    const request = await readJson(ctx, restoreSchema, limits.inboxBody);
    const { idTag, keys, devices } = ctx.state.tenant;
    const { did } = await restoreIdentity(request, { db, keys, devices, random, now });
    const delegation = await devices.delegation(did);
    answer(ctx, { idTag, delegation, entries: await devices.entries() }, now(), 201);
  });

  resource.post(routes.adopt, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'action/create');
    const { items } = await readJson(ctx, adoptSchema, limits.inboxBody);
    answer(ctx, { results: await ctx.state.tenant.talk.adopt(items) }, now());
  });
  return resource;
}
