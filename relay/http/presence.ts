import { baseType } from '../../shared/action/define.ts';
import { allows } from '../../shared/device/capability.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, presenceSchema, routes } from '../../shared/routes.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

/** A device tells others that somebody is there: the relay says it, at once and without keeping it (SPEC R10). */
export function createPresenceResource(now: () => number): Resource {
  const resource = createResource();
  resource.post(`${routes.people}/presence`, async (ctx) => {
    const { grant } = await readSession(ctx);
    const presence = await readJson(ctx, presenceSchema, limits.body);
    if (!allows(grant.cap, 'action/create', `type:${baseType(presence.t)}`))
      throw new IsletError(
        'E-DELEGATION-SCOPE',
        'this device may not say that somebody is there',
        presence.t,
      );
    ctx.state.tenant.talk.tellPresence(presence);
    answer(ctx, {}, now());
  });
  return resource;
}
