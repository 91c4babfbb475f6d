import {
  invitationCode,
  namesRoutes as paths,
  newInvitationSchema,
  newNameSchema,
} from '../../shared/api/names.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, isLocalName, parseIdTag } from '../../shared/identity/id-tag.ts';
import { parse } from '../../shared/parse.ts';
import { limits } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { NameChecks } from '../identity/name-check.ts';
import type { Names, Registration } from '../identity/names.ts';
import type { Database } from '../store/database.ts';
import { listIdentities } from '../store/identities.ts';
import { deleteInvitation, listInvitations, listNames } from '../store/names.ts';
import type { Tenant } from '../tenant.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';

export interface NameResourceParts {
  readonly db: Database;
  /** The relay's first identity, who lets others in. */
  readonly base: IdTag;
  readonly registration: Registration;
  readonly names: Names;
  readonly checks: NameChecks;
  /** Opens an identity that is to be here. */
  readonly open: (idTag: IdTag, type: Tenant['shown']['type']) => Promise<Tenant>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Names on this relay: who may have one, whether one leads here, and who is invited (SPEC N14–N17, N20). */
export function createNameResource(parts: NameResourceParts): Resource {
  const { names, checks, registration, now } = parts;
  const resource = createResource();

  resource.get(paths.names, async (ctx) => {
    const code = readInvitation(ctx);
    const invitation = code === undefined ? undefined : await names.judge(code);
    ctx.set('cache-control', 'no-store');
    const { domain } = names;
    answer(
      ctx,
      { domain, registration, local: isLocalName(domain), ...(invitation && { invitation }) },
      now(),
    );
  });

  resource.post(paths.names, async (ctx) => {
    const wanted = await readJson(ctx, newNameSchema, limits.body);
    const isOperator = ctx.get('authorization') !== '';
    if (isOperator) await readOperator(ctx, parts);
    if (names.placeOf(wanted.idTag) === 'own') {
      if (!isOperator) await assertMayAsk(wanted.invitation, parts);
      await assertLeadsHere(wanted.idTag, parts);
    }
    await names.give({ ...wanted, isOperator, ...(isOperator && { by: parts.base }) });
    answer(ctx, { idTag: wanted.idTag, setup: await openNew(wanted, parts) }, now(), 201);
  });

  resource.get(paths.check, async (ctx) => {
    await assertMayLook(ctx, parts);
    const idTag = parseIdTag(ctx.query.idTag);
    ctx.set('cache-control', 'no-store');
    answer(ctx, await checks.look(idTag), now());
  });

  addInvitations(resource, parts);
  return resource;
}

/** For devices of the relay's first identity. */
function addInvitations(resource: Resource, parts: NameResourceParts): void {
  const { db, names, now } = parts;

  resource.get(paths.here, async (ctx) => {
    await readOperator(ctx, parts);
    ctx.set('cache-control', 'no-store');
    answer(ctx, { identities: await listHere(parts), invitations: await listInvited(db, now()) }, now());
  });

  resource.post(paths.invitations, async (ctx) => {
    await readOperator(ctx, parts);
    const { note } = await readJson(ctx, newInvitationSchema, limits.body);
    answer(ctx, await names.invite(parts.base, note), now(), 201);
  });

  resource.delete(`${paths.invitations}/:id`, async (ctx) => {
    await readOperator(ctx, parts);
    if (!(await deleteInvitation(db, String(ctx.params.id))))
      throw new IsletError('E-INVITE-UNKNOWN', 'there is no such open invitation');
    answer(ctx, {}, now());
  });
}

/** What answers on hosts that are not known yet (SPEC N17, N22). */
export function createReachResource({
  checks,
  isServed,
}: {
  readonly checks: NameChecks;
  /** A proxy that gets certificates when they are needed asks for which hosts. */
  readonly isServed: (host: string) => boolean;
}): Resource {
  const resource = createResource();
  resource.get(`${paths.reach}/:challenge`, async (ctx) => {
    ctx.type = 'text';
    ctx.set('cache-control', 'no-store');
    ctx.body = await checks.answer(String(ctx.params.challenge).slice(0, 100));
  });
  resource.get(paths.serves, (ctx) => {
    const { domain } = ctx.query;
    const host = typeof domain === 'string' ? domain.toLowerCase() : '';
    if (!isServed(host) && !checks.isLookedAt(host))
      throw new IsletError('E-CORE-NOTFOUND', 'this relay does not serve that name');
    ctx.body = '';
  });
  return resource;
}

/** @throws IsletError E-AUTH-NOPERM, E-AUTH-UNAUTH, E-DELEGATION-* */
async function readOperator(ctx: RelayContext, { base }: NameResourceParts): Promise<void> {
  if (ctx.state.tenant.idTag !== base)
    throw new IsletError('E-AUTH-NOPERM', `ask ${base}, the first identity of this relay`);
  const { grant } = await readSession(ctx);
  assertAllowed(grant, 'relay/invite');
}

function readInvitation({ query }: RelayContext): string | undefined {
  return query.invitation === undefined ? undefined : parse(invitationCode, query.invitation);
}

/** Looking makes this relay connect to others: that is for those who may have a name here, and for who has one. */
async function assertMayLook(ctx: RelayContext, parts: NameResourceParts): Promise<void> {
  const code = readInvitation(ctx);
  if (parts.registration !== 'open' && code === undefined) return void (await readSession(ctx));
  await assertMayAsk(code, parts);
}

/** @throws IsletError E-INVITE-UNKNOWN, E-NAME-REFUSED */
async function assertMayAsk(
  invitation: string | undefined,
  { names, registration }: Pick<NameResourceParts, 'names' | 'registration'>,
): Promise<void> {
  if (registration === 'open') return;
  if (registration === 'closed' || invitation === undefined)
    throw new IsletError('E-NAME-REFUSED', 'this relay gives names to those who were invited');
  const state = await names.judge(invitation);
  if (state !== 'open' && state !== 'used')
    throw new IsletError('E-INVITE-UNKNOWN', 'this invitation does not hold');
}

/** SPEC N16. */
async function assertLeadsHere(idTag: IdTag, { checks }: NameResourceParts): Promise<void> {
  const check = await checks.look(idTag);
  if (!check.ok)
    throw new IsletError('E-NAME-REFUSED', 'this name does not lead to this relay yet', idTag, check);
}

/** @returns the token of its setup link @throws IsletError E-NAME-TAKEN when a device is enrolled */
export async function openNew(
  { idTag, type }: { readonly idTag: IdTag; readonly type: Tenant['shown']['type'] },
  { open }: Pick<NameResourceParts, 'open'>,
): Promise<string> {
  const setup = await (await open(idTag, type)).devices.createSetup();
  if (setup === undefined) throw new IsletError('E-NAME-TAKEN', 'this name is in use already', idTag);
  return setup;
}

async function listHere({ db, base, checks, open }: NameResourceParts) {
  const here = await listIdentities(db);
  const identities = here.map(async ({ id_tag, type }) => {
    const idTag = parseIdTag(id_tag);
    const { devices } = await open(idTag, type);
    return { idTag, type, claimed: (await devices.log()) !== undefined };
  });
  const elsewhere = (await listNames(db)).filter(({ address }) => address !== null);
  const others = elsewhere.map(async ({ id_tag, type, address }) => {
    const idTag = parseIdTag(id_tag);
    const active = await checks.leadsTo(idTag, String(address));
    return { idTag, type, claimed: true, address, active };
  });
  const all = await Promise.all([...identities, ...others]);
  return all.toSorted((a, b) => Number(b.idTag === base) - Number(a.idTag === base));
}

async function listInvited(db: Database, now: number) {
  return (await listInvitations(db, now)).map(({ code_hash, note, expires_at, used_by }) => ({
    ...{ id: code_hash, note, expiresAt: expires_at },
    ...(used_by !== null && { usedBy: used_by }),
  }));
}
