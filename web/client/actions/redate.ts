import { findActionType } from '../../../shared/action/action.ts';
import { parseDelegation } from '../../../shared/device/delegation.ts';
import type { ActionRow, OutboxRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { keyOf } from './later.ts';

/** Within which times, in seconds, this device may say something now. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** How far a statement may be dated ahead, in seconds (SPEC A3). */
const ahead = 300;

/** @param now seconds; undefined when nothing was granted yet */
export function windowOf(delegations: readonly string[], now: number): Window | undefined {
  if (delegations[0] === undefined) return undefined;
  const { nbf, exp } = parseDelegation(delegations[0]);
  return { from: nbf, to: Math.min(exp, now + ahead) };
}

/**
 * SPEC G15: what was written before the keys of now, or by a clock that was wrong, is dated anew, to be signed again under its own `_`. What
 * a later upsert replaces stays earlier than that. What is dated after the end of the delegation waits for the next one.
 */
export async function redate(db: Database, { from, to }: Window, now: number): Promise<void> {
  const isOff = ({ statement }: OutboxRow): boolean =>
    statement.iat < from || (statement.iat > to && statement.iat > now + ahead);
  if (!(await db.outbox.toArray()).some(isOff)) return;
  await db.transaction('rw', db.outbox, db.actions, async () => {
    const last = new Map<string, number>();
    for (const row of await db.outbox.orderBy('order').toArray()) {
      const action = await db.actions.get(row.id);
      const key = action && upsertKey(action);
      const wanted = isOff(row) ? Math.max(from, Math.min(now, to)) : row.statement.iat;
      const iat = Math.max(wanted, key === undefined ? 0 : (last.get(key) ?? -1) + 1);
      if (key !== undefined) last.set(key, iat);
      if (iat === row.statement.iat) continue;
      const { draft: _draft, by: _by, ...rest } = row;
      await db.outbox.put({ ...rest, statement: { ...row.statement, iat } });
      await db.actions.update(row.id, { iat });
    }
  });
}

function upsertKey(row: ActionRow): string | undefined {
  return keyOf(findActionType(row.t), row);
}
