import type { ParsedAction } from '../../shared/action/action.ts';
import {
  type ActionPayload,
  baseType,
  isEnd,
  type ReceivingContext,
  type Relation,
  type SendingContext,
  stranger,
} from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Executor } from '../store/database.ts';
import { listReaders, readRelation } from '../store/relations.ts';
import { findContainerOf } from './containers.ts';
import { findAboutRow, rowToHeld } from './held.ts';

/** What both sides look up: what an action is about, and the conversation it stands in. */
async function readSurroundings(db: Executor, idTag: IdTag, payload: ActionPayload) {
  const row = await findAboutRow(db, idTag, payload);
  const isGone = row?.state === 'deleted' && !isEnd(payload);
  return {
    isGone,
    about: row && !isGone ? await rowToHeld(row) : undefined,
    container: await findContainerOf(db, idTag, payload),
  };
}

/**
 * What the identity knows when an action comes in.
 * @throws IsletError E-ACTION-PERMISSION when what it is about was taken back
 */
export async function readReceivingContext(
  db: Executor,
  tenant: IdTag,
  { payload }: ParsedAction,
  approved: boolean,
  relation?: Relation,
): Promise<ReceivingContext> {
  const { isGone, about, container } = await readSurroundings(db, tenant, payload);
  if (isGone) throw new IsletError('E-ACTION-PERMISSION', 'what it is about was taken back', payload.t);
  const known = relation ?? (await readRelation(db, tenant, payload.iss));
  return { tenant, relation: known, about, container, approved };
}

/** What the identity's relay knows when something is to be sent. */
export async function readSendingContext(
  db: Executor,
  tenant: IdTag,
  { payload }: ParsedAction,
): Promise<SendingContext> {
  const { about, container } = await readSurroundings(db, tenant, payload);
  const relation = payload.aud === undefined ? stranger : await readRelation(db, tenant, payload.aud);
  // What goes to one person goes to no reader, and there may be many thousands of these; an approval goes to both.
  const isForOne = payload.aud !== undefined && payload.aud !== tenant && baseType(payload.t) !== 'APRV';
  const readers = isForOne ? { followers: [], connected: [] } : await listReaders(db, tenant);
  return { tenant, ...readers, relation, about, container };
}
