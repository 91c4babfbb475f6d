import * as v from 'valibot';
import type { Statement } from '../../../shared/action/action.ts';
import { baseType } from '../../../shared/action/define.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

/** The members of a row that name something. */
export type ReferenceMember = 'p' | 'sub';

/** What a reference stands for: its identifier, or the row that has none yet. */
export type Reference = { id: string } | { id?: undefined; local: string };

/** The row of this name: the `id` of a row or an action id. */
export async function findRow(db: Database, name: string): Promise<ActionRow | undefined> {
  return (await db.actions.get(name)) ?? (await db.actions.where('actionId').equals(name).first());
}

/** @throws IsletError E-ACTION-REFERENCE when it is no identifier and no row of this device */
export async function findNamed(db: Database, name: string): Promise<Reference> {
  const row = await findRow(db, name);
  if (row) return row.actionId === undefined ? { local: row.id } : { id: row.actionId };
  if (/^((a1|f1)~[\w-]{43}|[0-9A-Za-z]{24})$/.test(name)) return { id: name };
  throw new IsletError('E-ACTION-REFERENCE', 'This is not on this device any more.', name);
}

const contentSchema = v.looseObject({});

/** Puts an identifier where the type has it: a changed conversation is named in `c.conv`, everything else by the member itself. */
export function placeReference(statement: Statement, member: ReferenceMember, id: string): Statement {
  if (member === 'p' && baseType(statement.t) === 'CONV')
    return { ...statement, c: { ...v.parse(contentSchema, statement.c), conv: id } };
  return { ...statement, [member]: id };
}

/** What named a row by its `id` names it by its action id from now on. Call it in the transaction that learns the action id. */
export async function renameReferences(db: Database, id: string, actionId: string): Promise<void> {
  await db.actions.where('p').equals(id).modify({ p: actionId });
  await db.actions.where('sub').equals(id).modify({ sub: actionId });
}
