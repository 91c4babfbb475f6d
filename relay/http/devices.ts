import { findEnrolmentKey, type LogOperation, parseLogEntry } from '../../shared/device/device-log.ts';
import { type LinkRequest, linkLifetime, linkRequestSchema } from '../../shared/device/link.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parse.ts';
import { appendSchema, enrolSchema, limits, newLinkSchema, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Database } from '../store/database.ts';
import type { LinkRow } from '../store/tables.ts';
import { findLink, insertLink, insertLinkRequest, listOpenLinks } from '../store/ways-in.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { addRenewal, spread } from './renewal.ts';
import type { Tenant } from '../tenant.ts';
import { assertVerified } from './verified.ts';

export interface DeviceResourceParts {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Enrolment of the first device, links for further ones, and the device log (SPEC §7, §5). */
export function createDeviceResource({ db, now }: DeviceResourceParts): Resource {
  const resource = createResource();

  resource.post(routes.enrol, async (ctx) => {
    const { setup, entry } = await readJson(ctx, enrolSchema, limits.body);
    const { idTag, devices } = ctx.state.tenant;
    const { log } = await devices.enrol(setup, entry);
    const [first] = log.devices.keys();
    const delegation = await devices.delegation(first!);
    answer(ctx, { idTag, delegation, entries: await devices.entries() }, now(), 201);
  });

  resource.get(routes.deviceLog, async (ctx) => {
    answer(ctx, { entries: await ctx.state.tenant.devices.entries() }, now());
  });

  resource.post(routes.deviceLog, async (ctx) => {
    const { entry, link } = await readJson(ctx, appendSchema, limits.body);
    const { tenant } = ctx.state;
    const { devices } = tenant;
    await assertMayAppend(ctx, entry);
    if (link) await assertOpen(db, tenant, link.id, now());
    const appended = await devices.append(entry, link);
    spread(tenant, appended);
    const delegation = await devices
      .delegation(appended.added ?? appended.changed[0] ?? '')
      .catch(nothingIssued);
    answer(ctx, { entries: await devices.entries(), ...(delegation && { delegation }) }, now(), 201);
  });

  resource.post(routes.links, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'device/enrol');
    const { id, expiresAt } = await readJson(ctx, newLinkSchema, limits.body);
    await announceLink(db, { id, id_tag: ctx.state.tenant.idTag, expires_at: expiresAt * 1000 }, now());
    answer(ctx, { id }, now(), 201);
  });

  resource.get(routes.links, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'device/enrol');
    const rows = await listOpenLinks(db, ctx.state.tenant.idTag, now());
    answer(ctx, { links: rows.map(describeLink) }, now());
  });

  resource.get(`${routes.links}/:id`, async (ctx) => {
    const row = await readLink(db, ctx.state.tenant, String(ctx.params.id));
    ctx.set('cache-control', 'no-store');
    answer(ctx, await stateOf(row, ctx.state.tenant, now()), now());
  });

  resource.post(`${routes.links}/:id/request`, (ctx) => leaveRequest(ctx, db, now()));
  addRenewal(resource, now);
  return resource;
}

/**
 * SPEC L3, L9: an entry comes over the session of the device that signed it, or by itself when a key signed it that only lets devices in.
 * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-*, E-LOG-PERMISSION, E-VERIFY-NEEDED
 */
async function assertMayAppend(ctx: RelayContext, text: string): Promise<void> {
  const { by, op } = parseLogEntry(text);
  const log = await ctx.state.tenant.devices.log();
  if (log && findEnrolmentKey(log, by)) return;
  const { grant } = await readSession(ctx);
  if (grant.did !== by) throw new IsletError('E-LOG-PERMISSION', 'another device signed this entry', by);
  const wipes = op.t === 'remove' && op.wipe === true && op.did !== by;
  if (wipes || verified.includes(op.t)) await assertVerified(ctx);
}

/** What a person says who was asked who they are a moment ago. */
const verified: readonly LogOperation['t'][] = ['add', 'gen', 'key', 'unkey'];

function nothingIssued(error: unknown): undefined {
  if (error instanceof IsletError && error.code === 'E-DELEGATION-INVALID') return undefined;
  throw error;
}

async function announceLink(
  db: Database,
  link: Pick<LinkRow, 'id' | 'id_tag' | 'expires_at'>,
  now: number,
): Promise<void> {
  if (link.expires_at > now + (linkLifetime + 60) * 1000)
    throw new IsletError('E-VAL-INVALID', 'a link holds for an hour at most');
  const row = { ...link, request: null, did: null, confirmation: null };
  const known = (await insertLink(db, row)) ? row : await findLink(db, link.id_tag, link.id);
  if (known?.expires_at !== link.expires_at)
    throw new IsletError('E-CORE-CONFLICT', 'this link exists already');
}

function describeLink({ id, expires_at, request }: LinkRow) {
  const waiting: LinkRequest | undefined =
    request === null ? undefined : parseJson(linkRequestSchema, request);
  return { id, expiresAt: Math.floor(expires_at / 1000), ...(waiting && { request: waiting }) };
}

async function readLink(db: Database, { idTag }: Tenant, id: string): Promise<LinkRow> {
  const row = await findLink(db, idTag, id);
  if (!row) throw new IsletError('E-LINK-UNKNOWN', 'this link is not known here', id);
  return row;
}

/** @throws IsletError E-LINK-UNKNOWN, E-LINK-USED, E-LINK-EXPIRED */
async function assertOpen(db: Database, tenant: Tenant, id: string, now: number): Promise<LinkRow> {
  const row = await readLink(db, tenant, id);
  if (row.did !== null) throw new IsletError('E-LINK-USED', 'this link was used already', id);
  if (row.expires_at < now) throw new IsletError('E-LINK-EXPIRED', 'this link has expired', id);
  return row;
}

async function stateOf(row: LinkRow, { idTag, devices }: Tenant, now: number) {
  if (row.did !== null) {
    const { did, confirmation } = row;
    const [delegation, entries] = await Promise.all([devices.delegation(did), devices.entries()]);
    return { state: 'enrolled', idTag, did, delegation, entries, confirmation };
  }
  if (row.expires_at < now) return { state: 'expired', idTag };
  return { state: row.request === null ? 'open' : 'waiting', idTag };
}

/** Stored once: the same content again is fine, anything else is another device (SPEC P2). */
async function leaveRequest(ctx: RelayContext, db: Database, now: number): Promise<void> {
  const id = String(ctx.params.id);
  const { tenant } = ctx.state;
  const request = JSON.stringify(await readJson(ctx, linkRequestSchema, limits.body));
  const row = await readLink(db, tenant, id);
  if (row.request !== null && row.request !== request)
    throw new IsletError('E-LINK-USED', 'another device has used this link', id);
  if (row.request === null) {
    await assertOpen(db, tenant, id, now);
    const isFirst = await insertLinkRequest(db, id, request);
    if (!isFirst && (await readLink(db, tenant, id)).request !== request)
      throw new IsletError('E-LINK-USED', 'another device has used this link', id);
    tenant.wake('devices');
  }
  answer(ctx, { state: 'waiting' }, now, 201);
}
