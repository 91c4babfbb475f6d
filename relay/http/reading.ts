import { baseType } from '../../shared/action/define.ts';
import { allows } from '../../shared/device/capability.ts';
import type { Grant } from '../../shared/device/delegation.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { readAction } from '../inbox/proof.ts';
import { mayRead, type Outsider, readOutsider, readPage } from '../inbox/readers.ts';
import type { Database } from '../store/database.ts';
import { formatPlace, parsePlace, type Wanted } from '../store/pages.ts';
import type { ActionRow } from '../store/tables.ts';
import { describeAction } from './action-view.ts';
import type { RelayContext } from './context.ts';
import { readVisitor, type Visitor } from './visitor.ts';

/** A page for guests has so many actions. */
const page = { usual: 20, most: 100 };

/** As who a visitor reads: a token for one file says nothing here (SPEC O5). */
export function readerOf(ctx: RelayContext, db: Database, visitor: Visitor): Promise<Outsider> {
  const known = visitor.kind === 'guest' && !visitor.guest.scope ? visitor.guest.idTag : undefined;
  return readOutsider(db, ctx.state.tenant.idTag, known);
}

/** SPEC Y1, Y2: what somebody from outside may read, newest first, under stock's names. @throws IsletError E-VAL-* */
export async function answerPage(
  ctx: RelayContext,
  db: Database,
  visitor: Visitor,
  now: number,
): Promise<void> {
  const { tenant } = ctx.state;
  const cursor = readText(ctx, 'cursor');
  const { rows, next } = await readPage(db, tenant.idTag, {
    wanted: readWanted(ctx),
    who: await readerOf(ctx, db, visitor),
    after: cursor === undefined ? undefined : parsePlace(cursor),
    limit: Math.min(readCount(ctx, 'limit') ?? page.usual, page.most),
  });
  const data = [];
  for (const row of rows) data.push(await describeAction(db, tenant.shown, row));
  ctx.body = {
    data,
    time: new Date(now).toISOString(),
    cursorPagination: { nextCursor: next ? formatPlace(next) : null, hasMore: next !== undefined },
  };
}

/** Stock's names; others that it knows make no difference. */
function readWanted(ctx: RelayContext): Wanted {
  const [types, issuer, owner] = [readText(ctx, 'type'), readText(ctx, 'issuer'), readText(ctx, 'audience')];
  const named = { parent: 'parentId', subject: 'subject', actionId: 'actionId' } as const;
  const references = Object.entries(named).flatMap(([member, name]) => {
    const value = readText(ctx, name);
    return value === undefined ? [] : [[member, value]];
  });
  return {
    ...(types !== undefined && { types: parseTypes(types) }),
    ...(issuer !== undefined && { issuer: parseIdTag(issuer) }),
    ...(owner !== undefined && { owner: parseIdTag(owner) }),
    ...Object.fromEntries(references),
  };
}

function parseTypes(text: string): readonly string[] {
  const types = text.split(',');
  if (types.length > 20 || !types.every((type) => /^[A-Z]{2,12}(:[A-Z]{2,12})?$/.test(type)))
    throw new IsletError('E-VAL-INVALID', 'not a list of action types', text);
  return types;
}

/** @throws IsletError E-VAL-INVALID */
export function readText(ctx: RelayContext, name: string): string | undefined {
  const value = ctx.query[name];
  if (Array.isArray(value) || (value !== undefined && value.length > 200))
    throw new IsletError('E-VAL-INVALID', `${name} does not fit`, value);
  return value;
}

/** A whole number of at least 1. @throws IsletError E-VAL-INVALID */
export function readCount(ctx: RelayContext, name: string): number | undefined {
  const text = readText(ctx, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw new IsletError('E-VAL-INVALID', `${name} is not a count`, text);
  return Number(text);
}

/** One action; what somebody may not see is not there for them. @throws IsletError E-CORE-NOTFOUND, E-DELEGATION-* */
export async function readVisible(ctx: RelayContext, db: Database): Promise<ActionRow> {
  const { row, visitor } = await find(ctx, db);
  if (visitor.kind !== 'device' && !(await mayRead(db, row, await readerOf(ctx, db, visitor))))
    throw absent(row);
  return row;
}

/** Who knows the id of such an action may know by what device it was said: a proof has nothing of its content. */
const openProofs = ['P', 'V', 'F'];

/** The same for a proof. @throws as `readVisible` */
export async function readProvable(ctx: RelayContext, db: Database): Promise<ActionRow> {
  const { row, visitor } = await find(ctx, db);
  if (visitor.kind === 'device' || openProofs.includes(row.visibility)) return row;
  if (!(await mayRead(db, row, await readerOf(ctx, db, visitor)))) throw absent(row);
  return row;
}

/**
 * SPEC C11: the types of actions that a device of the identity may read.
 * @throws IsletError E-DELEGATION-SCOPE when there is none
 */
export function readReadable({ cap }: Grant): (type: string) => boolean {
  if (!cap.some(({ act }) => allows([{ act, res: '*' }], 'action/read', '*')))
    throw new IsletError('E-DELEGATION-SCOPE', 'this device may not read actions');
  return (type) => allows(cap, 'action/read', `type:${baseType(type)}`);
}

async function find(ctx: RelayContext, db: Database): Promise<{ row: ActionRow; visitor: Visitor }> {
  const visitor = await readVisitor(ctx);
  const isReadable = visitor.kind === 'device' ? readReadable(visitor.session.grant) : undefined;
  const row = await readAction(db, ctx.state.tenant.idTag, String(ctx.params.id));
  if (row.state === 'waiting' || isReadable?.(row.type) === false) throw absent(row);
  return { row, visitor };
}

function absent({ action_id }: ActionRow): IsletError {
  return new IsletError('E-CORE-NOTFOUND', 'no such action', action_id);
}
