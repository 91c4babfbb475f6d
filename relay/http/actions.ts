import { keptProofSchema } from '../../shared/api/kept-proof.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parse.ts';
import { draftsSchema, limits, routes } from '../../shared/routes.ts';
import { listActions } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { readStandings, type Standing } from '../store/deliveries.ts';
import { listFiles } from '../store/files.ts';
import type { ActionRow, FileRow } from '../store/tables.ts';
import { parseToken } from '../inbox/parse.ts';
import { readJson } from './body.ts';
import { describeAction } from './action-view.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';
import { describeStanding, mostShown } from './deliveries.ts';
import { answerPage, readProvable, readReadable, readVisible } from './reading.ts';
import { readVisitor } from './visitor.ts';

const page = { usual: 100, most: 500 };

/** Drafts in, what is stored out. */
export function createActionResource(db: Database, now: () => number): Resource {
  const resource = createResource();

  resource.post(routes.actions, async (ctx) => {
    const session = await readSession(ctx, 'drafts');
    const { drafts } = await readJson(ctx, draftsSchema, limits.body);
    answer(ctx, { results: await ctx.state.tenant.talk.submit(drafts, session) }, now());
  });

  resource.get(routes.actions, async (ctx) => {
    const visitor = await readVisitor(ctx);
    if (visitor.kind !== 'device') return answerPage(ctx, db, visitor, now());
    const isReadable = readReadable(visitor.session.grant);
    const after = readNumber(ctx.query.after, 0);
    const limit = Math.min(Math.max(readNumber(ctx.query.limit, page.usual), 1), page.most);
    return answer(ctx, await listItems(db, ctx.state.tenant.idTag, { after, limit, isReadable }), now());
  });

  for (const path of [routes.actions, routes.action]) {
    resource.get(`${path}/:id`, async (ctx) => {
      const row = await readVisible(ctx, db);
      answer(ctx, await describeAction(db, ctx.state.tenant.shown, row), now());
    });

    resource.get(`${path}/:id/proof`, async (ctx) => {
      const row = await readProvable(ctx, db);
      answer(ctx, await ctx.state.tenant.readProof(row), now());
    });
  }
  return resource;
}

function readNumber(text: string | string[] | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text))
    throw new IsletError('E-VAL-INVALID', 'not a number', text);
  return Number(text);
}

interface Page {
  readonly after: number;
  readonly limit: number;
  /** By its type (SPEC C11). */
  readonly isReadable: (type: string) => boolean;
}

async function listItems(db: Database, idTag: string, { after, limit, isReadable }: Page) {
  const rows = await listActions(db, idTag, after, limit + 1);
  const page = rows.slice(0, limit);
  const shown = page.filter(({ type }) => isReadable(type));
  const own = shown.filter(({ origin }) => origin === 'own').map(({ statement_id }) => statement_id);
  const attached = await Promise.all(shown.map(attachedFiles));
  const [standings, files] = await Promise.all([
    readStandings(db, idTag, { statementIds: own, most: mostShown }),
    listFiles(db, idTag, [...new Set(attached.flat())]),
  ]);
  const items = shown.map((row, i) =>
    describe(row, attached[i] ?? [], files, standings.get(row.statement_id)),
  );
  return { items, next: page.at(-1)?.seq ?? after, more: rows.length > limit };
}

async function attachedFiles({ token }: ActionRow): Promise<readonly string[]> {
  return (await parseToken(token)).payload.a ?? [];
}

function describe(
  row: ActionRow,
  attached: readonly string[],
  files: readonly FileRow[],
  standing: Standing | undefined,
) {
  return {
    seq: row.seq,
    actionId: row.action_id,
    token: row.token,
    receivedAt: row.received_at,
    status: row.state,
    files: files.filter(({ id }) => attached.includes(id)).map(({ id, descriptor }) => ({ id, descriptor })),
    ...describeStanding(row.origin === 'own' ? standing : undefined),
    ...(row.origin === 'own' && row.proof !== null && { proof: parseJson(keptProofSchema, row.proof) }),
  };
}
