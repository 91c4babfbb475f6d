import type { RelayApi } from '../relay/relay-api.ts';
import { readVerdict, type Verdict } from '../actions/proof.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { raiseAlarm } from './alarms.ts';

/** So many are looked at in one go: it is nothing that anybody waits for. */
const atOnce = 40;

export interface CheckParts {
  readonly db: Database;
  readonly api: Pick<RelayApi, 'get'>;
  readonly idTag: string;
  readonly now: () => number;
}

/**
 * SPEC F5: checks in the background who said what came, and keeps the answer beside it. What stands among our own actions and no device said is
 * an alarm; what neighbours say without a proof is unproven, and no more than that.
 * @returns whether there may be more to look at
 * @throws RelayUnreachable
 */
export async function checkActions({ db, api, idTag, now }: CheckParts): Promise<boolean> {
  const rows = await db.actions.where('unchecked').equals(1).limit(atOnce).toArray();
  for (const row of rows) {
    const verdict = await readVerdict(row, api, idTag);
    if (verdict.kind === 'pending') continue;
    await keepVerdict(db, row, verdict);
    const about = { at: now(), what: row.t, words: row.text };
    if (row.iss === idTag && isBad(verdict))
      await raiseAlarm(db, { id: `invented:${row.actionId}`, kind: 'invented', ...about });
    else if (verdict.kind === 'failed')
      await raiseAlarm(db, { id: `forged:${row.actionId}`, kind: 'forged', ...about, neighbour: row.iss });
  }
  return rows.length === atOnce;
}

/** No device of the issuer said it, and no order let its relay say it. */
export function isBad({ kind }: Verdict): boolean {
  return kind === 'unproven' || kind === 'failed';
}

/** The row may have changed meanwhile; another token is looked at again. */
async function keepVerdict(db: Database, { id, token }: ActionRow, { kind }: Verdict): Promise<void> {
  await db.transaction('rw', db.actions, async () => {
    const row = await db.actions.get(id);
    if (row?.token !== token) return;
    const { unchecked: _done, ...rest } = row!;
    await db.actions.put({ ...rest, verdict: kind });
  });
}
