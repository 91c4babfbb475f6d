import { findActionType } from '../../shared/action/action.ts';
import { isEnd } from '../../shared/action/define.ts';
import { findAction } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import type { ActionRow } from '../store/tables.ts';

/** Tokens that travel with an action of the identity's own (SPEC R7). */
export type RelatedOf = (row: ActionRow) => Promise<readonly string[]>;

export function createRelatedOf(db: Database): RelatedOf {
  return async ({ id_tag, type, subject }) => {
    if (!findActionType(type).bundles || isEnd({ t: type }) || subject === null) return [];
    const row = await findAction(db, id_tag, subject);
    const isHeld = row && row.state !== 'waiting' && row.state !== 'deleted';
    return isHeld ? [row.token] : [];
  };
}
