import { type IdentityKeys, type Services, servicesSchema } from '../../shared/api/identity.ts';
import { routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Database } from '../store/database.ts';
import { listServices, replaceServices } from '../store/linked.ts';
import type { Tenant } from '../tenant.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';
import { assertVerified } from './verified.ts';

const limit = 8 * 1024;

export interface KeyParts {
  readonly db: Database;
  /** Origin of the app. */
  readonly appOrigin: string;
  readonly apiOf: (idTag: Tenant['idTag']) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The identity keys as the identity's own devices see and change them (SPEC K5–K7), and the services of its did document (K9). */
export function createKeyResource(parts: KeyParts): Resource {
  const { db, now } = parts;
  const resource = createResource();

  resource.get(routes.identityKeys, async (ctx) => {
    await readSession(ctx);
    answer(ctx, await describe(ctx.state.tenant, db), now());
  });

  for (const step of ['rotate', 'revoke'] as const)
    resource.post(`${routes.identityKeys}/${step}`, async (ctx) => {
      const { grant } = await assertVerified(ctx);
      assertAllowed(grant, 'identity/rotate');
      const { tenant } = ctx.state;
      await tenant.keys[step]();
      await tenant.changes.tell();
      tenant.wake('devices');
      answer(ctx, await describe(tenant, db), now());
    });

  resource.put(`${routes.identityKeys}/services`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'identity/profile');
    const { tenant } = ctx.state;
    const rows = servicesToRows(await readJson(ctx, servicesSchema, limit), {
      relay: parts.apiOf(tenant.idTag),
      app: parts.appOrigin,
    });
    await db.transaction().execute((trx) => replaceServices(trx, tenant.idTag, rows));
    answer(ctx, await describe(tenant, db), now());
  });
  return resource;
}

function servicesToRows({ relay, app, sites }: Services, own: { relay: string; app: string }) {
  return [
    ...(relay ? [{ kind: 'relay' as const, url: `${own.relay}/api` }] : []),
    ...(app ? [{ kind: 'app' as const, url: `${own.app}/` }] : []),
    ...[...new Set(sites)].map((url) => ({ kind: 'site' as const, url })),
  ];
}

async function describe({ idTag, keys }: Tenant, db: Database): Promise<IdentityKeys> {
  const services = await listServices(db, idTag);
  const has = (kind: string) => services.some((service) => service.kind === kind);
  return {
    keys: keys
      .describe()
      .toReversed()
      .map(({ row, state }) => ({
        ...{ keyId: row.key_id, publicKey: row.public_key, state, createdAt: row.created_at },
        usedFrom: Math.max(row.used_from, row.created_at),
        ...(row.expires !== null && { endsAt: row.expires }),
      })),
    services: {
      ...{ relay: has('relay'), app: has('app') },
      sites: services.filter(({ kind }) => kind === 'site').map(({ url }) => url),
    },
  };
}
