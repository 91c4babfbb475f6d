import { aboutReference, visibilityOf } from '../../shared/action/action.ts';
import type { ActionPayload, HeldAction } from '../../shared/action/define.ts';
import { findAction } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import type { ActionRow } from '../store/tables.ts';
import { parseToken, tokenToActionId } from './parse.ts';

/** A stored row as the decisions need it. */
export async function rowToHeld({
  action_id,
  token,
}: Pick<ActionRow, 'action_id' | 'token'>): Promise<HeldAction> {
  const action = await parseToken(token);
  return { actionId: action_id, payload: action.payload, visibility: visibilityOf(action) };
}

/** A token that is not stored, in the same form. @throws IsletError as `parseAction` */
export async function tokenToHeld(token: string): Promise<HeldAction> {
  return rowToHeld({ action_id: await tokenToActionId(token), token });
}

/** The row that an action is about, whatever has become of it; what is not taken yet is not there. */
export async function findAboutRow(
  db: Executor,
  idTag: string,
  payload: ActionPayload,
): Promise<ActionRow | undefined> {
  const reference = aboutReference(payload);
  const row = reference === undefined ? undefined : await findAction(db, idTag, reference);
  return row?.state === 'waiting' ? undefined : row;
}
