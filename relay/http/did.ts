import { formatDidWebDocument, type Service } from '../../shared/identity/did-document.ts';
import { routes } from '../../shared/routes.ts';
import type { LinkedNames } from '../identity/linked-names.ts';
import type { Database } from '../store/database.ts';
import { listServices } from '../store/linked.ts';
import { createResource, type RelayContext, type Resource } from './context.ts';

export interface DidParts {
  readonly db: Database;
  readonly linked: LinkedNames;
  /** Host of the app, which may be the name of an identity too. */
  readonly appHost: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const types = { relay: 'IsletRelay', app: 'IsletApp', site: 'LinkedDomains' } as const;

/** SPEC K9: `did:web:<id tag>` is resolved at `https://<id tag>/.well-known/did.json`; the API host answers the same. */
export function createDidResource(parts: DidParts): Resource {
  const resource = createResource();
  resource.get(routes.did, async (ctx, next) => {
    const { tenant, place } = ctx.state;
    // At an app host that is nobody's name there is no identity of that name.
    if (place === 'app' && parts.appHost !== tenant.idTag) return next();
    await answerDocument(ctx, parts);
    return undefined;
  });
  return resource;
}

async function answerDocument(ctx: RelayContext, { db, linked, now }: DidParts): Promise<void> {
  const { idTag, keys } = ctx.state.tenant;
  const services = await listServices(db, idTag);
  const document = formatDidWebDocument({
    idTag,
    keys: keys.list(now()),
    alsoKnownAs: (await linked.proven(idTag)).map(({ uri }) => uri),
    services: services.map(({ kind, url }): Omit<Service, 'id'> => ({
      type: types[kind],
      serviceEndpoint: url,
    })),
    now: Math.floor(now() / 1000),
  });
  ctx.set('access-control-allow-origin', '*');
  ctx.set('cache-control', 'no-cache');
  ctx.type = 'application/did+json';
  ctx.body = JSON.stringify(document);
}
