import * as v from 'valibot';
import { linkedListSchema, newLinkedSchema } from '../../shared/api/identity.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Linked } from '../../shared/identity/linked.ts';
import { parse, parseJson } from '../../shared/parse.ts';
import { envelope, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { CheckLink } from '../identity/link-check.ts';
import type { LinkedNames } from '../identity/linked-names.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import type { Database } from '../store/database.ts';
import { findSeenLinks, saveSeenLinks } from '../store/linked.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';

export interface LinkedParts {
  readonly db: Database;
  readonly linked: LinkedNames;
  readonly checkLink: CheckLink;
  readonly fetch: SafeFetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const limit = 4 * 1024;
const listLimit = 64 * 1024;
/** What was found of a neighbour's names holds for so long, in milliseconds. */
const remembered = 3_600_000;

/** Other names of the identity, and those of neighbours as this relay finds them (SPEC N6–N10). */
export function createLinkedResource(parts: LinkedParts): Resource {
  const { linked, now } = parts;
  const resource = createResource();

  resource.get(routes.linked, async (ctx) => {
    answer(ctx, { linked: await linked.proven(ctx.state.tenant.idTag) }, now());
  });

  resource.get(`${routes.linked}/own`, async (ctx) => {
    await readSession(ctx);
    await answerOwn(ctx, parts);
  });

  resource.post(routes.linked, async (ctx) => {
    assertAllowed((await readSession(ctx)).grant, 'identity/profile');
    const { uri, proof } = await readJson(ctx, newLinkedSchema, limit);
    await linked.add(ctx.state.tenant.idTag, { uri, ...(proof !== undefined && { proof }) });
    await answerOwn(ctx, parts);
  });

  resource.post(`${routes.linked}/check`, async (ctx) => {
    assertAllowed((await readSession(ctx)).grant, 'identity/profile');
    await linked.check(ctx.state.tenant.idTag, 'all');
    await answerOwn(ctx, parts);
  });

  resource.delete(routes.linked, async (ctx) => {
    assertAllowed((await readSession(ctx)).grant, 'identity/profile');
    await linked.remove(ctx.state.tenant.idTag, parse(v.string(), ctx.query.uri));
    await answerOwn(ctx, parts);
  });

  resource.get(`${routes.people}/:idTag/linked`, async (ctx) => {
    assertAllowed((await readSession(ctx)).grant, 'people/read');
    answer(ctx, await findOut(parseIdTag(ctx.params.idTag), parts), now());
  });
  return resource;
}

async function answerOwn(ctx: RelayContext, { linked, now }: LinkedParts): Promise<void> {
  const rows = await linked.list(ctx.state.tenant.idTag);
  const described = rows.map(({ uri, checked_at, proven_at, reason }) => ({
    ...{ uri, checkedAt: checked_at },
    ...(proven_at !== null && { provenAt: proven_at }),
    ...(reason !== null && { reason }),
  }));
  answer(ctx, { linked: described }, now());
}

const foundSchema = v.array(v.string());

/** SPEC N10: what a neighbour says of itself is not shown before the other side has said it too, to this relay. */
async function findOut(neighbour: IdTag, { db, fetch, checkLink, now }: LinkedParts) {
  const known = await findSeenLinks(db, neighbour);
  if (known && now() - known.checked_at < remembered)
    return { uris: parseJson(foundSchema, known.links), checkedAt: known.checked_at };
  const claimed = await askFor(neighbour, fetch);
  const found = await Promise.all(
    claimed.map(async (name) => ((await checkLink(neighbour, name)).state === 'proven' ? [name.uri] : [])),
  );
  const uris = found.flat();
  await saveSeenLinks(db, { id_tag: neighbour, links: JSON.stringify(uris), checked_at: now() });
  return { uris, checkedAt: now() };
}

/** Nodes that know nothing of it have none. @throws IsletError E-NET-* */
async function askFor(neighbour: IdTag, fetch: SafeFetch): Promise<Linked[]> {
  const { status, bytes } = await fetch(neighbour, routes.linked, { limit: listLimit });
  if (status >= 500 || status === 429)
    throw new IsletError('E-NET-FAILED', `${neighbour} answered ${status}`);
  if (status !== 200) return [];
  const body = v.safeParse(envelope(linkedListSchema), parseOrNothing(bytes.toString('utf8')));
  return body.success ? body.output.data.linked : [];
}

function parseOrNothing(text: string): unknown {
  try {
    return parseJson(v.unknown(), text);
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}
