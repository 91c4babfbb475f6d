import { assertedSchema, renewSchema } from '../../shared/api/devices.ts';
import { suspension } from '../../shared/device/renewal.ts';
import { limits, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Appended } from '../identity/devices.ts';
import type { Tenant } from '../tenant.ts';
import { describeAgent } from './agent.ts';
import { readJson } from './body.ts';
import { answer, readSession, type RelayContext, type Resource } from './context.ts';
import { assertVerified } from './verified.ts';

/** What follows from a new entry of the device log for who is connected. */
export function spread(tenant: Tenant, { removed, changed }: Pick<Appended, 'removed' | 'changed'>): void {
  tenant.closeDevices([...removed, ...changed]);
  tenant.wake('devices');
}

/** Devices over time: their list, new keys, coming back (SPEC G8–G13). @param now milliseconds since 1970 */
export function addRenewal(resource: Resource, now: () => number): void {
  resource.get(routes.devices, async (ctx) => {
    await readSession(ctx);
    answer(ctx, { devices: await ctx.state.tenant.devices.states() }, now());
  });

  resource.post(routes.renew, async (ctx) => answer(ctx, await renew(ctx), now(), 201));

  resource.post(routes.delegation, async (ctx) => {
    const { assertion } = await readJson(ctx, assertedSchema, limits.body);
    const { devices } = ctx.state.tenant;
    const delegation = await devices.ownDelegation(assertion);
    answer(ctx, { delegation, entries: await devices.entries() }, now());
  });

  resource.post(routes.readmission, async (ctx) => {
    const { assertion } = await readJson(ctx, assertedSchema, limits.body);
    const { tenant } = ctx.state;
    const { asked, ...readmission } = await tenant.devices.readmission(assertion);
    if (asked) tenant.wake('devices');
    answer(ctx, readmission, now());
  });

  resource.post(`${routes.devices}/:did/readmit`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'device/enrol');
    await assertVerified(ctx);
    const { tenant } = ctx.state;
    await tenant.devices.readmit(String(ctx.params.did), grant.cap);
    tenant.wake('devices');
    answer(ctx, {}, now());
  });
}

async function renew(ctx: RelayContext) {
  const { entry } = await readJson(ctx, renewSchema, limits.body);
  const { tenant } = ctx.state;
  const { devices } = tenant;
  const renewed = await devices.renew(entry, describeAgent(ctx.get('user-agent')));
  if ('suspended' in renewed) {
    spread(tenant, { removed: renewed.suspended, changed: [] });
    throw suspension(tenant.idTag);
  }
  if (renewed.removed.length > 0) spread(tenant, renewed);
  return { delegation: await devices.delegation(renewed.added ?? ''), entries: await devices.entries() };
}
