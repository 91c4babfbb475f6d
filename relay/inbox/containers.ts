import { readContainer } from '../../shared/action/container.ts';
import { type ActionPayload, baseType, type Container } from '../../shared/action/define.ts';
import { namedConversation } from '../../shared/action/types/conv/conv.ts';
import { findAction, listAbout } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import type { ActionRow } from '../store/tables.ts';
import { rowToHeld } from './held.ts';

/** Answers to answers: so many are followed up to the conversation that they stand in. */
const deepest = 100;

/** SPEC M1: the conversation of this id with who is in it; undefined when it is not held here or was closed. */
export async function findContainer(
  db: Executor,
  idTag: string,
  conversation: string,
): Promise<Container | undefined> {
  const row = await findAction(db, idTag, conversation);
  return row ? readRow(db, row) : undefined;
}

/** Who is in a conversation, by its stored action; undefined when it was closed. */
export async function readRow(db: Executor, row: ActionRow): Promise<Container | undefined> {
  if (row.type !== 'CONV' || (row.state !== 'active' && row.state !== 'confirm')) return undefined;
  const of = { column: 'subject' as const, actionId: row.action_id, types: ['SUBS', 'INVT'] };
  const said = await listAbout(db, row.id_tag, of);
  return readContainer(await rowToHeld(row), await Promise.all(said.map(rowToHeld)));
}

/** The conversation that an action belongs to: it names it, or something that stands in it. */
export async function findContainerOf(
  db: Executor,
  idTag: string,
  payload: ActionPayload,
): Promise<Container | undefined> {
  const row = await findConversation(db, idTag, payload);
  return row && readRow(db, row);
}

/** The stored `CONV` of the same. */
export async function findConversation(
  db: Executor,
  idTag: string,
  payload: ActionPayload,
): Promise<ActionRow | undefined> {
  let reference = baseType(payload.t) === 'CONV' ? namedConversation(payload) : (payload.p ?? payload.sub);
  for (let depth = 0; depth < deepest && reference?.startsWith('a1~'); depth++) {
    const row: ActionRow | undefined = await findAction(db, idTag, reference);
    if (!row || row.state === 'waiting') return undefined;
    if (row.type === 'CONV') return row;
    reference = row.parent ?? row.subject ?? undefined;
  }
  return undefined;
}
