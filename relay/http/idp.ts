import type * as v from 'valibot';
import { parseAction } from '../../shared/action/action.ts';
import { idpSchema } from '../../shared/action/types/idp/idp.ts';
import { namesRoutes as paths, newAddressSchema, type registeredSchema } from '../../shared/api/names.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, isIdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { parse } from '../../shared/parse.ts';
import { limits } from '../../shared/routes.ts';
import type { NameChecks } from '../identity/name-check.ts';
import type { Names } from '../identity/names.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database } from '../store/database.ts';
import { updateName } from '../store/names.ts';
import { readJson } from './body.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';

export interface IdpParts {
  readonly db: Database;
  readonly base: IdTag;
  readonly names: Names;
  readonly checks: NameChecks;
  /** Opens an identity that is to be here. @returns its setup link */
  readonly openNew: (idTag: IdTag) => Promise<string>;
  readonly trustProxy: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What relays that give names answer (SPEC N18, N19). */
export function createIdpResource(parts: IdpParts): Resource {
  const { db, names, checks, now } = parts;
  const resource = createResource();

  resource.get(paths.available, async (ctx) => {
    const { idTag } = ctx.query;
    ctx.set('cache-control', 'no-store');
    answer(ctx, await judgeName(String(idTag ?? ''), names), now());
  });

  const describe = async (idTag: IdTag, address: string) => {
    const identityStatus = (await checks.leadsTo(idTag, address)) ? 'active' : 'pending';
    return { idTag, address, identityStatus };
  };

  resource.get(`${paths.identities}/:id`, async (ctx) => {
    const row = await readByKey(ctx, names);
    answer(ctx, await describe(parseIdTag(row.id_tag), row.address ?? ''), now());
  });

  resource.put(`${paths.identities}/:id/address`, async (ctx) => {
    const { id_tag } = await readByKey(ctx, names);
    const wanted = await readJson(ctx, newAddressSchema, limits.body);
    const address = wanted.address === 'auto' ? readAsker(ctx, parts) : wanted.address;
    await updateName(db, id_tag, { address });
    answer(ctx, await describe(parseIdTag(id_tag), address), now());
  });
  return resource;
}

/** What `IDP:REG` is answered, once its signature was found right. */
export type Register = (
  ctx: RelayContext,
  token: string,
) => Promise<v.InferOutput<typeof registeredSchema> | undefined>;

/** SPEC N18. Each statement is answered once: the answer holds a key. */
export function createRegister(parts: IdpParts): Register {
  const { db, base, now } = parts;
  return async (ctx, token) => {
    const { payload, statementId } = await parseAction(token);
    if (payload.t !== 'IDP:REG') return undefined;
    const row = { id_tag: base, did: `@${payload.iss}`, jti: statementId, exp: payload.iat + 600 };
    if (!(await insertAssertion(db, row, Math.floor(now() / 1000))))
      throw new IsletError('E-ASSERTION-REPLAYED', 'this was answered already', statementId);
    const wanted = parse(idpSchema, payload.c);
    try {
      if (ctx.state.tenant.idTag !== base)
        throw new IsletError('E-NAME-REFUSED', `names are given by ${base}`, base);
      return await register(ctx, { ...wanted, by: payload.iss }, parts);
    } catch (error) {
      if (!(error instanceof IsletError) || error.status >= 500) throw error;
      return { success: false, message: error.message };
    }
  };
}

type Wanted = v.InferOutput<typeof idpSchema> & { readonly by: IdTag };

async function register(ctx: RelayContext, wanted: Wanted, parts: IdpParts) {
  const { idTag, by, invitation } = wanted;
  const { names, checks } = parts;
  if (names.placeOf(idTag) !== 'here')
    throw new IsletError('E-NAME-REFUSED', `names of this relay end with .${names.domain}`, idTag);
  const given = wanted.address === 'auto' ? readAsker(ctx, parts) : wanted.address;
  const address = given === undefined ? {} : { address: given };
  await names.give({ idTag, type: 'person', by, invitation, ...address });
  if (given === undefined) {
    const activationRef = await parts.openNew(idTag);
    return { success: true, message: 'set it up', identityStatus: 'pending' as const, activationRef };
  }
  const apiKey = await names.issueKey(idTag);
  const isActive = await checks.leadsTo(idTag, given);
  const message = isActive ? 'it leads there' : 'the operator of this relay has yet to make it lead there';
  return {
    success: true,
    message,
    identityStatus: isActive ? ('active' as const) : ('pending' as const),
    apiKey,
  };
}

async function judgeName(idTag: string, names: Names) {
  try {
    if (!isIdTag(idTag) || names.placeOf(idTag) !== 'here')
      return { idTag, available: false, reason: `names of this relay end with .${names.domain}` };
    await names.assertFree(idTag);
    return { idTag, available: true };
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return { idTag, available: false, reason: error.message };
  }
}

/** @throws IsletError E-AUTH-UNAUTH */
function readByKey(ctx: RelayContext, names: Names) {
  const key = /^Bearer (idp_[\w-]+)$/.exec(ctx.get('authorization'))?.[1];
  if (key === undefined) throw new IsletError('E-AUTH-UNAUTH', 'the key of the name is needed');
  return names.readByKey(parseIdTag(ctx.params.id), key);
}

/** Where the request comes from; behind a proxy, as the proxy says. */
function readAsker(ctx: RelayContext, { trustProxy }: IdpParts): string {
  const forwarded = trustProxy ? ctx.get('x-forwarded-for').split(',').at(-1)?.trim() : undefined;
  return (forwarded || (ctx.req.socket.remoteAddress ?? '')).replace(/^::ffff:/, '');
}
