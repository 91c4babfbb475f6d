import { findActionType } from '../../../shared/action/action.ts';
import type { ActionType } from '../../../shared/action/define.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

/** What a database key is made of; names may be local ones. */
export type Keyed = Pick<ActionRow, 'iss' | 't' | 'p' | 'sub'> & { aud?: string | undefined };

/** The database key of a type (SPEC U1), undefined for types that have none. */
export function keyOf({ key }: ActionType, { iss, t, p, sub, aud }: Keyed): string | undefined {
  return key?.({
    ...{ iss: parseIdTag(iss), t, k: '-', iat: 0 },
    ...(p !== undefined && { p }),
    ...(sub !== undefined && { sub }),
    ...(aud !== undefined && { aud: parseIdTag(aud) }),
  });
}

/** Two upserts of one key get rising times, so that the later one holds everywhere (SPEC U1). In seconds. */
export async function laterThanBefore(db: Database, next: Keyed, seconds: number): Promise<number> {
  const type = findActionType(next.t);
  const key = keyOf(type, next);
  if (key === undefined) return seconds;
  const near =
    next.sub === undefined
      ? db.actions.where('type').equals(type.type)
      : db.actions.where('sub').equals(next.sub);
  const same = await near
    .filter((row) => row.iss === next.iss && row.type === type.type && row.state !== 'refused')
    .toArray();
  const times = same.filter((row) => keyOf(type, row) === key).map(({ iat }) => iat + 1);
  return Math.max(seconds, ...times);
}
