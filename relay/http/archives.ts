import { newExportSchema, newImportSchema, newMoveSchema, takeSchema } from '../../shared/api/archive.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, routes } from '../../shared/routes.ts';
import type { Archives } from '../archive/archives.ts';
import { ticketLifetime } from '../archive/tickets.ts';
import { assertAllowed, type Session } from '../identity/access.ts';
import type { ExportRow } from '../store/tables-archives.ts';
import { readJson } from './body.ts';
import { readAllowed, takeBytes } from './bytes.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import { sendFile } from './send-file.ts';
import { readPiece } from './uploads.ts';
import { assertVerified } from './verified.ts';

/** Archives out and in, and the end of an account (SPEC W9–W12). */
export function createArchiveResource(archives: Archives, now: () => number): Resource {
  const resource = createResource();
  addExports(resource, archives, now);
  addImports(resource, archives, now);
  addMoves(resource, archives, now);
  return resource;
}

const act = 'archive/create';

/** A device that may do everything, whose person is there. */
async function readOwner(ctx: RelayContext, what = act): Promise<string> {
  await readOwnerSession(ctx, what);
  return ctx.state.tenant.idTag;
}

async function readOwnerSession(ctx: RelayContext, what: string): Promise<Session> {
  const session = await assertVerified(ctx);
  assertAllowed(session.grant, what);
  return session;
}

/** The device that asked for the ticket is in still, and may do so still. @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-* */
async function assertTicket(ctx: RelayContext, by: Session | undefined): Promise<void> {
  if (!by) throw new IsletError('E-AUTH-UNAUTH', 'this address has run out; ask for the archive again');
  assertAllowed(await ctx.state.tenant.access.recheck(by), act);
}

function addExports(resource: Resource, { exports, moves }: Archives, now: () => number): void {
  const one = `${routes.exports}/:id`;

  resource.get(routes.exports, async (ctx) => {
    const idTag = await readAllowed(ctx, act);
    const log = await ctx.state.tenant.devices.log();
    const kit = [...(log?.keys.values() ?? [])].some(
      ({ kind, removedAt }) => kind === 'recovery' && removedAt === undefined,
    );
    const list = (await exports.list(idTag)).map(viewExport);
    answer(ctx, { exports: list, state: moves.state(idTag), kit }, now());
  });

  resource.post(routes.exports, async (ctx) => {
    const idTag = await readOwner(ctx);
    const { purpose } = await readJson(ctx, newExportSchema, limits.body);
    if (purpose === 'move' && moves.state(idTag) === 'here') {
      await moves.set(idTag, 'moving');
      await closeAll(ctx);
    }
    answer(ctx, viewExport(await exports.begin(idTag, purpose)), now(), 201);
  });

  resource.post(`${one}/ticket`, async (ctx) => {
    const session = await readOwnerSession(ctx, act);
    const { idTag } = ctx.state.tenant;
    const id = String(ctx.params.id);
    await exports.find(idTag, id);
    const ticket = exports.tickets.create(idTag, id, session);
    answer(ctx, { path: `${routes.exports}/${id}?ticket=${ticket}`, expiresIn: ticketLifetime }, now());
  });

  resource.get(one, async (ctx) => {
    const { idTag } = ctx.state.tenant;
    const id = String(ctx.params.id);
    const ticket = typeof ctx.query.ticket === 'string' ? ctx.query.ticket : undefined;
    if (ticket === undefined) await readOwner(ctx);
    else await assertTicket(ctx, exports.tickets.find(ticket, idTag, id));
    const { file, row } = await exports.find(idTag, id);
    const day = new Date(row.created_at).toISOString().slice(0, 10);
    sendFile(ctx, { file, size: row.size, etag: `"${id}"`, name: `${idTag}-${day}.islet.tar` });
  });

  resource.delete(one, async (ctx) => {
    const idTag = await readAllowed(ctx, act);
    await exports.remove(idTag, String(ctx.params.id));
    answer(ctx, {}, now());
  });
}

function viewExport({ id, purpose, state, done, total, size, missing, created_at }: ExportRow) {
  return { id, purpose, state, done, total, size, missing, createdAt: created_at };
}

/** Whoever is connected finds out when it comes back. */
async function closeAll(ctx: RelayContext): Promise<void> {
  const { devices, closeDevices } = ctx.state.tenant;
  closeDevices([...((await devices.log())?.devices.keys() ?? [])]);
}

function addImports(resource: Resource, { imports }: Archives, now: () => number): void {
  const one = `${routes.imports}/:id`;

  resource.post(routes.imports, async (ctx) => {
    const wanted = await readJson(ctx, newImportSchema, limits.body);
    answer(ctx, await imports.begin(ctx.state.tenant.idTag, wanted), now(), 201);
  });

  // The id is known only to whoever showed the setup link.
  resource.get(one, async (ctx) => {
    ctx.set('cache-control', 'no-store');
    answer(ctx, await imports.find(ctx.state.tenant.idTag, String(ctx.params.id)), now());
  });

  resource.patch(one, async (ctx) => {
    const { idTag } = ctx.state.tenant;
    const piece = readPiece(ctx);
    answer(ctx, await takeBytes(ctx, () => imports.append(idTag, String(ctx.params.id), piece)), now());
  });

  resource.post(`${one}/take`, async (ctx) => {
    const { keys } = await readJson(ctx, takeSchema, limits.body);
    answer(ctx, await imports.take(ctx.state.tenant.idTag, String(ctx.params.id), keys), now(), 202);
  });

  resource.delete(one, async (ctx) => {
    await imports.remove(ctx.state.tenant.idTag, String(ctx.params.id));
    answer(ctx, {}, now());
  });
}

function addMoves(resource: Resource, { moves, leaving, speak }: Archives, now: () => number): void {
  resource.put(`${routes.exports}/move`, async (ctx) => {
    const idTag = await readOwner(ctx);
    const { state } = await readJson(ctx, newMoveSchema, limits.body);
    const before = moves.state(idTag);
    if (before !== state && (before === 'moved' || before === 'leaving'))
      throw new IsletError('E-CORE-MOVED', 'this identity has moved, and that stays so');
    await moves.set(idTag, state);
    if (state === 'moved') await closeAll(ctx);
    else await speak();
    answer(ctx, { state }, now());
  });

  resource.delete(routes.me, async (ctx) => {
    const idTag = await readOwner(ctx, 'identity/delete');
    if (ctx.query.idTag !== idTag)
      throw new IsletError('E-VAL-INVALID', 'the name of the account that is to be deleted must be given');
    await closeAll(ctx);
    await leaving.begin(idTag);
    answer(ctx, {}, now(), 202);
  });
}
