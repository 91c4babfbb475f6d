import type { Selectable } from 'kysely';
import { parseAction } from '../../shared/action/action.ts';
import { IsletError } from '../../shared/errors.ts';
import { draftsSchema, limits, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import { readAction } from '../inbox/proof.ts';
import { listActions } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { listFiles } from '../store/files.ts';
import type { ActionRow, DeliveryRow, FileRow } from '../store/tables.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';

const page = { usual: 100, most: 500 };
/** Who knows the id of such an action may have it. */
const openVisibilities = ['P', 'F'];

/** Drafts in, what is stored out. */
export function createActionResource(db: Database, now: () => number): Resource {
  const resource = createResource();

  resource.post(routes.actions, async (ctx) => {
    const session = await readSession(ctx, 'drafts');
    const { drafts } = await readJson(ctx, draftsSchema, limits.body);
    answer(ctx, { results: await ctx.state.tenant.submit(drafts, session) }, now());
  });

  resource.get(routes.actions, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'action/read');
    const after = readNumber(ctx.query.after, 0);
    const limit = Math.min(Math.max(readNumber(ctx.query.limit, page.usual), 1), page.most);
    answer(ctx, await listItems(db, ctx.state.tenant.idTag, after, limit), now());
  });

  resource.get(`${routes.actions}/:id`, async (ctx) => {
    const row = await readVisible(ctx, db);
    answer(ctx, { actionId: row.action_id, token: row.token }, now());
  });

  resource.get(`${routes.actions}/:id/proof`, async (ctx) => {
    const row = await readVisible(ctx, db);
    answer(ctx, await ctx.state.tenant.readProof(row), now());
  });
  return resource;
}

function readNumber(text: string | string[] | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text))
    throw new IsletError('E-VAL-INVALID', 'not a number', text);
  return Number(text);
}

/** Anything that is not open to all is not there for who may not see it. */
async function readVisible(ctx: RelayContext, db: Database): Promise<ActionRow> {
  const row = await readAction(db, ctx.state.tenant.idTag, String(ctx.params.id));
  if (openVisibilities.includes(row.visibility) && !ctx.get('authorization')) return row;
  if (!ctx.get('authorization')) throw new IsletError('E-CORE-NOTFOUND', 'no such action', row.action_id);
  const { grant } = await readSession(ctx);
  assertAllowed(grant, 'action/read');
  return row;
}

async function listItems(db: Database, idTag: string, after: number, limit: number) {
  const rows = await listActions(db, idTag, after, limit + 1);
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ statement_id }) => statement_id);
  const attached = await Promise.all(shown.map(attachedFiles));
  const [deliveries, files] = await Promise.all([
    listDeliveries(db, idTag, ids),
    listFiles(db, idTag, [...new Set(attached.flat())]),
  ]);
  const items = shown.map((row, i) => describe(row, attached[i] ?? [], files, deliveries));
  return { items, next: shown.at(-1)?.seq ?? after, more: rows.length > limit };
}

async function attachedFiles({ token }: ActionRow): Promise<readonly string[]> {
  return (await parseAction(token)).payload.a ?? [];
}

function describe(
  row: ActionRow,
  attached: readonly string[],
  files: readonly FileRow[],
  deliveries: readonly Selectable<DeliveryRow>[],
) {
  const own =
    row.origin === 'own' ? deliveries.filter((delivery) => delivery.statement_id === row.statement_id) : [];
  return {
    seq: row.seq,
    actionId: row.action_id,
    token: row.token,
    receivedAt: row.received_at,
    status: row.state,
    files: files.filter(({ id }) => attached.includes(id)).map(({ id, descriptor }) => ({ id, descriptor })),
    deliveries: own.map(({ neighbour, state, reason }) => ({
      to: neighbour,
      state,
      ...(reason !== null && { reason }),
    })),
  };
}
